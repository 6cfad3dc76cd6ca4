"""What Redis does with a meeting in one step. Scripts go by their text, because a cluster pipelines no EVALSHA."""

SAVE = """
local version = redis.call('HGET', KEYS[1], 'version')
if (version or '') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'version', (version or 0) + 1, 'json', ARGV[2])
redis.call('HDEL', KEYS[1], 'news')
redis.call('HSETNX', KEYS[1], 'behind', ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[3])
return 1
"""
"""Write a meeting if nobody else has since it was read. Raising ``version`` is what marks its thread stale."""

APPEND = """
local version = redis.call('HGET', KEYS[1], 'version')
if not version then return false end
local news = (redis.call('HGET', KEYS[1], 'news') or '') .. ARGV[1]
redis.call('HSET', KEYS[1], 'version', version + 1, 'news', news)
redis.call('HSETNX', KEYS[1], 'behind', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[2])
redis.call('EXPIRE', KEYS[2], ARGV[2])
return {version + 1, #news}
"""
"""Put events behind a meeting, whoever else has changed it; gives the version that this made, and the bytes behind."""

FOLD = """
if redis.call('HGET', KEYS[1], 'version') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'json', ARGV[2])
return redis.call('HDEL', KEYS[1], 'news')
"""
"""Write the same meeting in another form, unless it has changed."""

SETTLE = """
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
if tonumber(redis.call('HGET', KEYS[1], 'rendered') or 0) >= tonumber(ARGV[1]) then return false end
redis.call('HSET', KEYS[1], 'rendered', ARGV[1])
local behind = redis.call('HGET', KEYS[1], 'behind')
if redis.call('HGET', KEYS[1], 'version') == ARGV[1] then
  redis.call('HDEL', KEYS[1], 'behind')
else
  redis.call('HSET', KEYS[1], 'behind', ARGV[2])
end
return behind
"""
"""Note what a thread shows, and give the time since which it was behind; a change that came meanwhile starts anew."""
