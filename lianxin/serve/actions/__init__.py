"""Every write of this app, one deed per function."""

from lianxin.serve.actions.catalogue import (
    DraftThere,
    NotADraft,
    NotComplete,
    NumberTaken,
    WrongDay,
    draft_service,
    drop_draft,
    edit_service,
    list_materials,
    publish_service,
    revise_service,
)  # fmt: skip
from lianxin.serve.actions.cleanup import NotLive, WrongVerdict, review_service
from lianxin.serve.actions.dated import (
    LineEnded,
    ListTaken,
    Overlapping,
    WrongList,
    add_line,
    edit_list,
    end_line,
    make_list,
)  # fmt: skip
from lianxin.serve.actions.fitting import WrongService
from lianxin.serve.actions.intake import (
    NotWaiting,
    Overtaken,
    begin_intake,
    claim_intake,
    open_intake,
    release_intake,
    take_services,
)  # fmt: skip

__all__ = [
    "DraftThere", "LineEnded", "ListTaken", "NotADraft", "NotComplete", "NotLive", "NotWaiting", "NumberTaken",
    "Overlapping", "Overtaken", "WrongDay", "WrongList", "WrongService", "WrongVerdict", "add_line", "begin_intake",
    "claim_intake", "draft_service", "drop_draft", "edit_list", "edit_service", "end_line", "list_materials",
    "make_list", "open_intake", "publish_service", "release_intake", "review_service", "revise_service",
    "take_services",
]  # fmt: skip
