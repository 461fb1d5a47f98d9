"""Where a carrier tells what became of messages; the contract is in docs/outbox.md."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.security import APIKeyHeader
from pydantic import AwareDatetime

from lianxin.outbox import actions
from lianxin.outbox.rules import RECEIPTS_AT_ONCE, is_signed
from lianxin.people.rules import public


class GatewaySignature(APIKeyHeader):
    """Let in whoever signs with the secret that we share with the gateway; without a secret nobody."""

    param_name = "X-Lianxin-Signature"

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """Return whether the signature stands for the body (the API answers 401 where it does not)."""
        at = request.at  # type: ignore[attr-defined]
        return is_signed(key or "", request.body, secret=settings.SMS_TOKEN, at=at) or None


class Receipt(Schema):
    """What became of one message."""

    key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="The key under which it was handed over.")]
    state: Literal["delivered", "failed"]
    reason: Annotated[str, Field(max_length=200, description="Why it failed, in the carrier's code or words.")] = ""
    at: Annotated[AwareDatetime | None, Field(description="When the carrier learned it, with its offset.")] = None


class Receipts(Schema):
    """Several at once."""

    receipts: Annotated[list[Receipt], Field(min_length=1, max_length=RECEIPTS_AT_ONCE)]


class Taken(Schema):
    """How many receipts were read; whether their keys are known is not said."""

    read: int


router = Router(tags=["carriers"], auth=GatewaySignature())


@router.post("/receipts", response=Taken, operation_id="take_receipts", summary="Tell what became of messages")
@public
def take_receipts(request: HttpRequest, body: Receipts) -> dict[str, int]:
    """Take the carrier's receipts; to send them again changes nothing."""
    at = request.at  # type: ignore[attr-defined]
    for each in body.receipts:
        actions.take_receipt(
            key=each.key, arrived=each.state == "delivered", reason=each.reason, told_at=each.at, at=at
        )
    return {"read": len(body.receipts)}
