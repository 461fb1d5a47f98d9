"""Photos and recordings that come in pieces over a line that breaks."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lianxin.kit.refusal import NotAllowed, Refusal
from lianxin.ledger import actions as ledger
from lianxin.record.models import Handset, Piece, Upload

PIECE_MOST = 512 * 1024  # bytes


class OtherOffset(Refusal):
    """The piece does not begin where the last one ended."""

    def __init__(self, words: object, offset: int) -> None:
        super().__init__(words)
        self.facts = {"offset": offset}


class OtherFile(Refusal):
    """Under this id another file was begun."""


class TooMuch(Refusal):
    """The file, or the piece, is larger than what can be taken."""

    status = 413


class NotWhole(Refusal):
    """All bytes came, and they are not those that were promised."""

    status = 422


@transaction.atomic
def put_piece(
    handset: Handset, *, client_id: UUID, name: str, size: int, sha256: str, start: int, content: bytes, at: datetime
) -> Upload:
    """Keep some bytes of a file; with the last of them it becomes an attachment, if its digest is the one promised.

    A piece that is here already is answered as it was. Raises OtherOffset (with the one to go on from), OtherFile,
    TooMuch, NotWhole (all pieces are dropped then, and the file can be sent anew), and what ledger.keep_file refuses.
    """
    if size > settings.UPLOAD_MAX_BYTES or len(content) > PIECE_MOST or size < 1:
        raise TooMuch(_("This file is too large."))
    upload = _begun(handset, client_id, name, size, sha256, at)
    if upload.attachment_id or start + len(content) <= upload.received:
        return upload
    if start != upload.received or start + len(content) > size or not content:
        raise OtherOffset(_("Go on where the last piece ended."), upload.received)
    Piece.objects.create(upload=upload, start=start, content=content)
    upload.received += len(content)
    if upload.received == size:
        upload.attachment = ledger.keep_file(content=_whole(upload), name=upload.name, by=handset.user, at=at)
        upload.pieces.all().delete()
    upload.save(update_fields=["received", "attachment"])
    return upload


@transaction.atomic
def forget_pieces(upload: Upload, *, at: datetime) -> None:
    """Drop what came of a file that turned out not to be what was promised, so that it can be sent anew."""
    upload.pieces.all().delete()
    Upload.objects.filter(pk=upload.pk, attachment=None).delete()
    ledger.note("upload.forgotten", upload, by=upload.handset.user, at=at)


def _begun(handset: Handset, client_id: UUID, name: str, size: int, sha256: str, at: datetime) -> Upload:
    """Return the row of this file, alone: two connections of one telephone do not write into it at once."""
    rows = Upload.objects.select_for_update()
    upload = rows.filter(client_id=client_id).first()
    if upload is None:
        try:
            with transaction.atomic():
                upload = Upload.objects.create(
                    client_id=client_id, handset=handset, name=name[:100] or "file", size=size, sha256=sha256,
                    begun_at=at,
                )  # fmt: skip
        except IntegrityError:
            upload = rows.get(client_id=client_id)
    if upload.handset.user_id != handset.user_id:
        raise NotAllowed(_("This file was begun by somebody else's telephone."))
    if (upload.size, upload.sha256) != (size, sha256):
        raise OtherFile(_("Under this number another file was begun."))
    return upload


def _whole(upload: Upload) -> bytes:
    content = b"".join(bytes(piece.content) for piece in upload.pieces.order_by("start"))
    if hashlib.sha256(content).hexdigest() != upload.sha256:
        raise NotWhole(_("This file broke on its way and is sent anew."))
    return content
