"""A shop with what makes tables of routes hard: regular expressions, includes, classes, viewsets, decorators."""

from django.contrib.auth.decorators import login_required
from django.urls import include, path, re_path
from django.views import View
from django.views.decorators.http import require_http_methods
from rest_framework import permissions, routers, serializers, viewsets
from rest_framework.decorators import action, api_view

print("log line of a module that is being imported")


def login(request):
    """Logs a customer in."""


@login_required
def invoice(request, year, number):
    """Returns one invoice."""


@require_http_methods(["GET", "POST"])
def contact(request):
    pass


class Basket(View):
    """The basket of a customer."""

    def get(self, request):
        """Returns the basket."""

    def delete(self, request):
        pass


class OrderSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    email = serializers.EmailField()


class Orders(viewsets.ViewSet):
    """All orders."""

    permission_classes = [permissions.IsAdminUser]
    serializer_class = OrderSerializer

    def list(self, request):
        """Lists orders."""

    def destroy(self, request, pk):
        pass

    @action(detail=True, methods=["post"])
    def refund(self, request, pk):
        """Pays an order back."""


@api_view(["PUT"])
def stock(request, sku):
    """Sets what is left of an article."""


router = routers.DefaultRouter()
router.register("orders", Orders, basename="order")

urlpatterns = [
    path("login/", login, name="login"),
    re_path(r"^invoices/(?P<year>[0-9]{4})/(?P<number>\d+)$", invoice),
    path("contact/", contact, name="contact"),
    path("basket/", Basket.as_view(), name="basket"),
    path("api/", include((router.urls, "api"), namespace="v1")),
    path("api/stock/<slug:sku>/", stock, name="stock"),
]
