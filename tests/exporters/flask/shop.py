"""A shop with what makes tables of routes hard: a blueprint, a class, a decorator that hides the view, two methods."""

import functools

from flask import Blueprint, Flask
from flask.views import MethodView

print("log line of a module that is being imported")


def logged(view):
    @functools.wraps(view)
    def wrapper(*args, **kwargs):
        return view(*args, **kwargs)

    return wrapper


def create_app(prefix="/api"):
    app = Flask(__name__)
    admin = Blueprint("admin", __name__, url_prefix="/admin")

    @app.post("/login")
    def login():
        """Logs a customer in."""

    @app.get("/orders/<int:order_id>")
    @logged
    def order(order_id):
        """Returns one order."""

    class Orders(MethodView):
        """All orders."""

        def get(self):
            """Lists orders."""

        def post(self):
            pass

    app.add_url_rule("/orders", view_func=Orders.as_view("orders"))

    @admin.route("/users/<uuid:user_id>", methods=["PUT", "DELETE"])
    def user(user_id):
        pass

    app.register_blueprint(admin, url_prefix=prefix + "/admin")
    return app
