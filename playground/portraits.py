"""Pictures for the playground's people: their initials in a colour of their own."""

from html import escape

from aiohttp import web

from playground.workspace import Workspace

PATH = "/playground/portraits/{user}.svg"
COLOURS = ("#7a4a12", "#1f5f4a", "#5b3a8c", "#8c2f39", "#1d5c8a", "#5a5f12")


def portraits(workspace: Workspace) -> list[web.RouteDef]:
    """Give the route that serves them."""

    async def portrait(request: web.Request) -> web.Response:
        person = workspace.people.get(request.match_info["user"])
        if person is None:
            raise web.HTTPNotFound
        return web.Response(body=drawn(person.real_name).encode(), content_type="image/svg+xml")

    return [web.get(PATH, portrait)]


def drawn(name: str) -> str:
    """Draw somebody's initials on a square, as an SVG picture."""
    words = name.split()
    letters = "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)) or "?"
    colour = COLOURS[sum(map(ord, name)) % len(COLOURS)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">'
        f'<rect width="48" height="48" rx="8" fill="{colour}"/>'
        '<text x="24" y="31" font-family="sans-serif" font-size="20" fill="#fff" text-anchor="middle">'
        f"{escape(letters.upper())}</text></svg>"
    )
