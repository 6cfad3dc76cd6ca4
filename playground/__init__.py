"""A small Slack and a small video provider on this machine, for trying the bot and for its tests."""
