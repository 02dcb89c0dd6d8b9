"""Applies suggested route maps with FastMCP. Run by .ci/bridges."""

import asyncio
import sys

# This file has the name of the package.
sys.path.append(sys.path.pop(0))

from fastmcp import FastMCP

from bridge import arguments, check


def routes(document, **more):
    """The operations that become tools."""
    seen = set()

    def note(route, kind):
        if kind.name != "EXCLUDE":
            seen.add((route.method, route.path))

    server = FastMCP.from_openapi(openapi_spec=document, route_map_fn=note, **more)
    return seen, {tool.name for tool in asyncio.run(server.list_tools())}


document, operations, blocked, suggested = arguments()
document.setdefault("servers", [{"url": "http://localhost"}])
before, all_tools = routes(document)
after, left = routes(document, route_maps=suggested["ROUTE_MAPS"])
assert before == set(operations), before ^ set(operations)
assert len(all_tools) - len(left) == len(blocked), all_tools - left
check("fastmcp", before, after, blocked)
