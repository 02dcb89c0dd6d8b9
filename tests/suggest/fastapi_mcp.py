"""Applies suggested `exclude_operations` with fastapi_mcp. Run by .ci/bridges."""

import sys

# This file has the name of the package.
sys.path.append(sys.path.pop(0))

import fastapi_mcp.server
from fastapi import FastAPI
from fastapi_mcp import FastApiMCP

from bridge import arguments, check

document, operations, blocked, suggested = arguments()
app = FastAPI()
# The package makes its tools of the application's document, and of nothing else.
fastapi_mcp.server.get_openapi = lambda **_: document
for (method, path), operation in operations.items():
    # An operation without an operationId is no tool to this package.
    operation.setdefault("operationId", f"{method} {path}")
names = {operation["operationId"]: place for place, operation in operations.items()}
assert len(names) == len(operations)


def tools(**more):
    """The operations that become tools."""
    return {names[tool.name] for tool in FastApiMCP(app, **more).tools}


check("fastapi_mcp", tools(), tools(exclude_operations=suggested["EXCLUDE_OPERATIONS"]), blocked)
