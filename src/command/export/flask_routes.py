"""Writes the routes of a Flask application as a route manifest for `mcpsentry audit`.

    python flask_routes.py shop:create_app routes.json

The application is named as for `flask --app`; without a name, FLASK_APP counts. What the views read from the query or
the body is not known to Flask, so the manifest leaves it open. Static files are no operations, and left out.
"""

import inspect
import json
import os
import sys

from flask.cli import NoAppException, ScriptInfo


def source(view):
    try:
        return {
            "file": os.path.relpath(inspect.getsourcefile(view)).replace(os.sep, "/"),
            "line": inspect.getsourcelines(view)[1],
        }
    except (OSError, TypeError, ValueError):
        return None


def entries(app, rule):
    """One entry for a function; one for each method of a class, whose methods have texts of their own."""
    view = app.view_functions.get(rule.endpoint)
    methods = sorted(set(rule.methods or ()) - {"HEAD", "OPTIONS"}) or sorted(rule.methods or ())
    owner = getattr(view, "view_class", None)
    if owner is None:
        yield entry(rule, methods, inspect.unwrap(view) if view else None, None)
        return
    for method in methods:
        yield entry(rule, [method], getattr(owner, method.lower(), owner), owner)


def entry(rule, methods, view, owner):
    made = {"path": rule.rule, "name": rule.endpoint, "methods": methods}
    if not methods:
        del made["methods"]
    if view is not None:
        made["handler"] = f"{view.__module__}:{getattr(view, '__qualname__', type(view).__qualname__)}"
        # A class inherits its text, which says nothing of this view.
        text = view.__doc__ or (owner.__dict__.get("__doc__") if owner else None)
        made["description"] = inspect.cleandoc(text) if text else None
        place = source(view)
        if place:
            made["source"] = place
    return made


def main():
    sys.path.insert(0, os.getcwd())
    name = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("FLASK_APP")
    if not name:
        sys.exit(__doc__)
    try:
        app = ScriptInfo(app_import_path=name).load_app()
    except NoAppException as error:
        sys.exit(error.format_message())
    target = sys.argv[2] if len(sys.argv) > 2 else "routes.json"
    routes = []
    for rule in app.url_map.iter_rules():
        static = rule.endpoint.rpartition(".")[2] == "static"
        if not (rule.websocket or rule.build_only or static):
            routes.extend(entries(app, rule))
    manifest = {"mcpsentry": 1, "framework": "flask", "app": {"name": app.name}, "routes": routes}
    # A file and not standard output, where applications log while they are imported.
    with open(target, "w", encoding="utf-8") as out:
        json.dump(manifest, out, indent=1, default=str)
    print(f"{len(routes)} routes in {target}", file=sys.stderr)
    if not routes:
        sys.exit("no routes: is this the application that serves them?")


main()
