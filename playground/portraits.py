"""Pictures for the playground's people: their initials in a colour of their own."""

from functools import reduce
from html import escape

from aiohttp import web

from playground.workspace import Workspace

PATH = "/playground/portraits/{user}.svg"
COLOURS = ("#3a4fae", "#86306c", "#8c4415", "#1b5e6e", "#583a99", "#7e2632")
"""The same as in the page's ``avatar.js``, so that somebody has one colour everywhere."""


def portraits(workspace: Workspace) -> list[web.RouteDef]:
    """Give the route that serves them."""

    async def portrait(request: web.Request) -> web.Response:
        person = workspace.people.get(request.match_info["user"])
        if person is None:
            raise web.HTTPNotFound
        return web.Response(body=drawn(person.real_name, person.id).encode(), content_type="image/svg+xml")

    return [web.get(PATH, portrait)]


def drawn(name: str, user: str) -> str:
    """Draw somebody's initials on a square in a colour of their own, as an SVG picture."""
    words = name.split()
    letters = "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)) or "?"
    colour = COLOURS[reduce(lambda found, letter: (found * 31 + ord(letter)) % 997, user, 7) % len(COLOURS)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">'
        f'<rect width="48" height="48" rx="8" fill="{colour}"/>'
        '<text x="24" y="31" font-family="sans-serif" font-size="20" fill="#fff" text-anchor="middle">'
        f"{escape(letters.upper())}</text></svg>"
    )
