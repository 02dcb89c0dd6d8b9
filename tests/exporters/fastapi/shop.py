"""A shop with what makes tables of routes hard: hidden routes, routers in routers, a mounted application, dependencies."""

from typing import Annotated

from fastapi import APIRouter, Body, Depends, FastAPI, Header, Query, Request, WebSocket
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

print("log line of a module that is being imported")


class Address(BaseModel):
    street: str
    parent: "Address | None" = None


class User(BaseModel):
    id: int
    email: str
    address: Address


class Order(BaseModel):
    id: int
    note: str | None = None


bearer = OAuth2PasswordBearer(tokenUrl="login")


def page(limit: int = 10, cursor: str | None = None):
    return limit, cursor


app = FastAPI(title="Shop", version="1.2.3")
admin = APIRouter(prefix="/admin", dependencies=[Depends(bearer)])
users = APIRouter(prefix="/users", tags=["users"])


@users.get("/{user_id}", response_model=User)
def get_user(user_id: int, x_trace: Annotated[str | None, Header()] = None):
    """Returns one user."""


@users.delete("/{user_id}", status_code=204, deprecated=True)
def delete_user(user_id: int):
    pass


@app.get("/orders", response_model=list[Order])
def list_orders(request: Request, paging: Annotated[tuple, Depends(page)], q: Annotated[str, Query(max_length=9)] = ""):
    """Lists orders."""


@app.post("/orders")
async def create_order(order: Order, gift: Annotated[bool, Body()] = False) -> Order:
    """Creates an order."""


@app.get("/oauth/authorize", include_in_schema=False)
def authorize():
    pass


@app.websocket("/live")
async def live(socket: WebSocket):
    pass


admin.include_router(users)
app.include_router(admin, prefix="/api")

partner = FastAPI(title="Partner")


@partner.post("/transfers")
def transfer(amount: int):
    """Moves money."""


async def health(request):
    """Says whether the service is up."""
    return PlainTextResponse("ok")


app.mount("/partner", partner)
app.router.routes.append(Mount("/ops", routes=[Route("/health", health)]))
