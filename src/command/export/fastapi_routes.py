"""Writes the routes of a FastAPI or Starlette application as a route manifest for `mcpsentry audit`.

    python fastapi_routes.py shop.main:app routes.json

What the OpenAPI document leaves out is here as well: hidden routes, and those of mounted applications. The pages that
FastAPI makes for the documentation are left out, and so are WebSockets, which are no operations.
"""

import importlib
import inspect
import json
import os
import sys
import types
import typing

import starlette.routing

try:
    import fastapi.routing as routing
    from fastapi.security.base import SecurityBase
except ImportError:  # Starlette alone
    routing, SecurityBase = None, ()

# Since 0.137, routers that were included stay trees; older versions have no such function, and a flat list.
flat = getattr(routing, "iter_route_contexts", iter)
SCALARS = {str: "str", int: "int", float: "float", bool: "bool", list: "list", dict: "dict"}
UNTYPED = (typing.Any, inspect.Parameter.empty, None)


def load(name):
    sys.path.insert(0, os.getcwd())
    module, _, attribute = name.partition(":")
    how = "name the application as module:variable, from the folder in which it is imported"
    try:
        app = importlib.import_module(module)
    except ModuleNotFoundError as error:
        # What an import of the application's own lacks is told as it is.
        if not f"{module}.".startswith(f"{error.name}."):
            raise
        sys.exit(f"{error}: {how}")
    for part in (attribute or "app").split("."):
        if not hasattr(app, part):
            sys.exit(f"there is no {part} in {module}: {how}")
        app = getattr(app, part)
    # A factory makes the application.
    if not hasattr(app, "routes") and callable(app):
        app = app()
    return app if hasattr(app, "routes") else sys.exit(f"{name} is no application")


def source(endpoint):
    try:
        return {
            "file": os.path.relpath(inspect.getsourcefile(endpoint)).replace(os.sep, "/"),
            "line": inspect.getsourcelines(endpoint)[1],
        }
    except (OSError, TypeError, ValueError):
        return None


def type_name(annotation):
    """The name of a type, without `None` as an alternative; none if it says nothing."""
    if annotation in UNTYPED:
        return None
    if typing.get_origin(annotation) is typing.Annotated:
        return type_name(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (typing.Union, getattr(types, "UnionType", None)):
        left = [part for part in typing.get_args(annotation) if part is not type(None)]
        return type_name(left[0]) if len(left) == 1 else str(annotation)
    base = typing.get_origin(annotation) or annotation
    return SCALARS.get(base) or getattr(annotation, "__name__", str(annotation))


def annotation_of(field):
    info = getattr(field, "field_info", None)
    return getattr(info, "annotation", None) or getattr(field, "outer_type_", None)


def schema(annotation, mode, pointer):
    """A JSON Schema whose references lead to its own place in the manifest; none if it cannot be made."""
    try:
        from pydantic import TypeAdapter

        made = TypeAdapter(annotation).json_schema(mode=mode, ref_template=f"#{pointer}/$defs/{{model}}")
        json.dumps(made)
        return made
    except Exception:
        return None


def parameters(dependant):
    for place in ("path", "query", "header", "cookie"):
        for field in getattr(dependant, f"{place}_params", ()):
            entry = {"name": field.alias, "in": place, "type": type_name(annotation_of(field))}
            required = getattr(field, "required", None)
            info = getattr(field, "field_info", None)
            if required is None and info is not None:
                required = info.is_required()
            entry["required"] = bool(required)
            yield entry
    for inner in getattr(dependant, "dependencies", ()):
        yield from parameters(inner)


def guards(dependant):
    """Names of the security schemes that a call has to satisfy."""
    call = getattr(dependant, "call", None)
    if SecurityBase and isinstance(call, SecurityBase):
        yield getattr(call, "scheme_name", type(call).__name__)
    for inner in getattr(dependant, "dependencies", ()):
        yield from guards(inner)


def described(route, endpoint):
    text = getattr(route, "description", None)
    return text or (inspect.getdoc(endpoint) if inspect.isroutine(endpoint) else None)


def operation(route, path, number):
    endpoint = route.endpoint
    entry = {
        "path": path,
        "methods": sorted(set(route.methods) - {"HEAD"}) or sorted(route.methods),
        "name": getattr(route, "operation_id", None) or route.name,
        "handler": f"{endpoint.__module__}:{getattr(endpoint, '__qualname__', type(endpoint).__qualname__)}",
        "source": source(inspect.unwrap(endpoint)),
        "description": described(route, endpoint),
        "in_openapi": getattr(route, "include_in_schema", None),
    }
    dependant = getattr(route, "dependant", None)
    if dependant is not None:  # FastAPI knows what its functions take and return.
        entry["summary"] = getattr(route, "summary", None)
        entry["tags"] = [str(getattr(tag, "value", tag)) for tag in getattr(route, "tags", None) or ()]
        entry["deprecated"] = bool(getattr(route, "deprecated", None))
        entry["params"] = list({(each["in"], each["name"]): each for each in parameters(dependant)}.values())
        found = sorted(set(guards(dependant)))
        if found:
            entry["auth"] = found
        body, model = getattr(route, "body_field", None), getattr(route, "response_model", None)
        for key, annotation, mode in (
            ("request_schema", body and annotation_of(body), "validation"),
            ("response_schema", model, "serialization"),
        ):
            made = schema(annotation, mode, f"/routes/{number}/{key}") if annotation is not None else None
            if made is not None or annotation is None:
                entry[key] = made
    return {key: value for key, value in entry.items() if value is not None or key != "source"}


def walk(app, routes, prefix, found, unresolved):
    pages = {
        getattr(app, name, None)
        for name in ("openapi_url", "docs_url", "redoc_url", "swagger_ui_oauth2_redirect_url")
    }
    for route in flat(routes):
        original = getattr(route, "original_route", route)
        path = prefix + (getattr(route, "path", None) or "")
        inner = getattr(original, "app", None)
        if isinstance(original, (starlette.routing.Mount, starlette.routing.Host)):
            path = path if isinstance(original, starlette.routing.Mount) else prefix
            below = getattr(original, "routes", None)
            if below:
                walk(inner, below, path, found, unresolved)
            elif type(inner).__name__ != "StaticFiles":
                unresolved.append({"where": path, "reason": f"{type(inner).__name__} is mounted there"})
        elif getattr(route, "methods", None) and getattr(route, "endpoint", None):
            if not (getattr(route, "include_in_schema", None) is False and route.path in pages):
                found.append(operation(route, path, len(found)))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    app = load(sys.argv[1])
    target = sys.argv[2] if len(sys.argv) > 2 else "routes.json"
    found, unresolved = [], []
    walk(app, app.routes, "", found, unresolved)
    manifest = {"mcpsentry": 1, "framework": "fastapi" if routing else "starlette"}
    if getattr(app, "title", None):
        manifest["app"] = {"name": str(app.title), "version": str(getattr(app, "version", ""))}
    manifest["routes"] = found
    manifest["unresolved"] = unresolved
    # A file and not standard output, where applications log while they are imported.
    with open(target, "w", encoding="utf-8") as out:
        json.dump(manifest, out, indent=1, default=str)
    print(f"{len(found)} routes in {target}", file=sys.stderr)
    if not found:
        sys.exit("no routes: is this the application that serves them?")


main()
