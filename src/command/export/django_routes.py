"""Writes the routes of a Django project as a route manifest for `mcpsentry audit`, those of Django REST framework included.

    DJANGO_SETTINGS_MODULE=shop.settings python django_routes.py routes.json

A plain function takes every method and says nothing of what it reads, so the manifest leaves both open.
"""

import inspect
import json
import os
import sys

import django
from django.urls import URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

sys.path.insert(0, os.getcwd())
django.setup()

GUARDS = ("LoginRequiredMixin", "PermissionRequiredMixin", "UserPassesTestMixin")
# Only these answer with what the serializer says.
SERIALIZED = ("list", "retrieve", "create", "update", "partial_update", "get", "post", "put", "patch")


def text_of(pattern):
    """A pattern without the ends that only a regular expression needs; `include` puts it behind others."""
    text = str(pattern)
    if isinstance(pattern, RegexPattern):
        text = text.removeprefix("^").removesuffix("$").removesuffix("\\Z")
    return text


def chooses_format(text):
    """The second form that Django REST framework gives every path: `.json` at the end."""
    return text.endswith(("<drf_format_suffix:format>", "\\.(?P<format>[a-z0-9]+)/?"))


def layers(view):
    """A function and all that it wraps."""
    while view is not None:
        yield view
        view = getattr(view, "__wrapped__", None)


def closed_over(view, name):
    """What a decorator of Django remembers under a name."""
    for layer in layers(view):
        code, cells = getattr(layer, "__code__", None), getattr(layer, "__closure__", None)
        if code and cells and name in code.co_freevars:
            return cells[code.co_freevars.index(name)].cell_contents
    return None


def fields(owner, action):
    """The fields of a response, where a serializer that never changes tells."""
    serializer = getattr(owner, "serializer_class", None)
    base = next((cls for cls in owner.__mro__ if cls.__name__ == "GenericAPIView"), None)
    dynamic = base and owner.get_serializer_class is not base.get_serializer_class
    if serializer is None or dynamic or action not in SERIALIZED:
        return None
    try:
        return [name for name, field in serializer().fields.items() if not field.write_only]
    except Exception:
        return None


def source(view):
    try:
        return {
            "file": os.path.relpath(inspect.getsourcefile(view)).replace(os.sep, "/"),
            "line": inspect.getsourcelines(view)[1],
        }
    except (OSError, TypeError, ValueError):
        return None


def described(made, view, owner):
    text = view.__doc__ if inspect.isroutine(view) else None
    # A class inherits its text, which says nothing of this view.
    text = text or (owner.__dict__.get("__doc__") if owner else None)
    made["description"] = inspect.cleandoc(text) if text else None
    made["handler"] = f"{view.__module__}:{getattr(view, '__qualname__', type(view).__qualname__)}"
    place = source(view)
    if place:
        made["source"] = place
    return made


def entries(path, name, callback):
    owner = getattr(callback, "cls", None) or getattr(callback, "view_class", None)
    if owner is None:
        made = {"path": path, "name": name}
        methods = closed_over(callback, "request_method_list")
        if methods:
            made["methods"] = [method for method in methods if method not in ("HEAD", "OPTIONS")] or list(methods)
        if closed_over(callback, "test_func"):
            made["auth"] = ["user_passes_test"]
        yield described(made, inspect.unwrap(callback), None)
        return
    # A viewset maps methods to actions; any other class has a function for each of its methods.
    allowed = getattr(owner, "http_method_names", ())
    actions = getattr(callback, "actions", None) or {each: each for each in allowed if hasattr(owner, each)}
    auth = [cls.__name__ for cls in owner.__mro__ if cls.__name__ in GUARDS]
    permissions = getattr(owner, "permission_classes", None)
    if permissions is not None:
        auth += [getattr(each, "__name__", str(each)) for each in permissions]
    for method, action in actions.items():
        if method in ("head", "options", "trace"):
            continue
        made = {"path": path, "name": name, "methods": [method.upper()]}
        if permissions is not None or auth:
            made["auth"] = [each for each in auth if each != "AllowAny"]
        answered = fields(owner, action)
        if answered is not None:
            made["response_fields"] = answered
        yield described(made, getattr(owner, action, owner), owner)


def walk(patterns, prefix, space):
    for each in patterns:
        path = prefix + text_of(each.pattern)
        if isinstance(each, URLResolver):
            inner = space + [each.namespace] if each.namespace else space
            yield from walk(each.url_patterns, path, inner)
        elif not chooses_format(text_of(each.pattern)):
            name = ":".join(space + [each.name]) if each.name else None
            yield from entries(path, name, each.callback)


def main():
    target = sys.argv[1] if len(sys.argv) > 1 else "routes.json"
    routes = list(walk(get_resolver().url_patterns, "/", []))
    manifest = {"mcpsentry": 1, "framework": "django", "framework_version": django.get_version(), "routes": routes}
    # A file and not standard output, where applications log while they are imported.
    with open(target, "w", encoding="utf-8") as out:
        json.dump(manifest, out, indent=1, default=str)
    print(f"{len(routes)} routes in {target}", file=sys.stderr)
    if not routes:
        sys.exit("no routes: is this the project that serves them?")


main()
