"""Photos and recordings, in pieces that can be sent again."""

# No postponed annotations here: the framework reads them through a guard that stands in another module.
from typing import Annotated, Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Query, Router

from lianxin.field.api.key import Carried
from lianxin.field.api.shapes import FileOut
from lianxin.people.rules import signed_in
from lianxin.record import actions
from lianxin.record.models import Upload

router = Router()

Sha256 = Annotated[str, Query(pattern="^[0-9a-f]{64}$", description="Of the whole file.")]
Count = Annotated[int, Query(ge=0, lt=2**31)]


@router.put(
    "/files/{uuid:client_id}", response=FileOut, operation_id="field_put_file", summary="Send a piece of a file"
)
@signed_in
def put_file(
    request: Carried, client_id: UUID, offset: Count, size: Count, sha256: Sha256, name: str = "file"
) -> dict[str, Any]:
    """Take the bytes of the body as those from `offset` on. 409 with facts.offset tells where to go on."""
    try:
        upload = actions.put_piece(
            request.handset, client_id=client_id, name=name, size=size, sha256=sha256, start=offset,
            content=request.body, at=request.at,
        )  # fmt: skip
    except actions.NotWhole:
        actions.forget_pieces(Upload.objects.get(client_id=client_id), at=request.at)
        raise
    return _told(upload)


@router.get(
    "/files/{uuid:client_id}", response=FileOut, operation_id="field_file", summary="How much of a file is here"
)
@signed_in
def file(request: Carried, client_id: UUID) -> dict[str, Any]:
    """Tell where to go on after the line broke."""
    return _told(get_object_or_404(Upload, client_id=client_id, handset__user=request.user))


def _told(upload: Upload) -> dict[str, Any]:
    return {"offset": upload.received, "whole": upload.attachment_id is not None}
