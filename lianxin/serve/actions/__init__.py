"""Every write of this app, one deed per function."""

from lianxin.serve.actions.catalogue import (
    DraftThere,
    NotADraft,
    NotComplete,
    NumberTaken,
    WrongDay,
    attach_sample,
    draft_service,
    drop_service,
    edit_service,
    list_materials,
    publish_service,
    revise_service,
)  # fmt: skip
from lianxin.serve.actions.checking import (
    LeaderNeeded,
    NoProcess,
    NotAsked,
    NothingWrong,
    NotYetComplete,
    SeenBefore,
    StillFaulty,
    accept,
    correct,
    deem_accepted,
    look,
    refuse,
    supply,
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
from lianxin.serve.actions.deciding import (
    NoDocument,
    NoProposal,
    NotInForce,
    OtherProposal,
    ReasonNeeded,
    Said,
    SamePerson,
    StepsOpen,
    decide,
    deliver,
    fetch,
    propose,
    replace,
    revoke,
)  # fmt: skip
from lianxin.serve.actions.deed import (
    ApplicationRefusal,
    ClockSetBack,
    NothingGiven,
    NotPossibleNow,
    TooMuch,
)  # fmt: skip
from lianxin.serve.actions.documents import (
    NoPrinter,
    UnknownPlace,
    WordingChanged,
    new_wording,
    seed_wordings,
)  # fmt: skip
from lianxin.serve.actions.drafting import (
    AuthorisationMissing,
    KeyUsed,
    MaterialMissing,
    NotApplicable,
    NotYetDay,
    NumberUsed,
    Person,
    PersonMissing,
    apply,
    attach,
    begin,
    keep_draft,
    receive,
    save,
    submit,
)  # fmt: skip
from lianxin.serve.actions.fitting import WrongService
from lianxin.serve.actions.handing import Given, NoSuchMaterial, required
from lianxin.serve.actions.intake import (
    NotWaiting,
    Overtaken,
    begin_intake,
    claim_intake,
    open_intake,
    release_intake,
    take_services,
)  # fmt: skip
from lianxin.serve.actions.leaving import (
    NoPhone,
    StillInForce,
    change_phone,
    close,
    end_with_service,
    reveal,
    withdraw,
)  # fmt: skip
from lianxin.serve.actions.rating import (
    NoGrade,
    NotBad,
    NotYetOver,
    RatedAlready,
    answer_rating,
    rate,
    rate_silent,
)  # fmt: skip
from lianxin.serve.actions.sparing import (
    Kept,
    TooMany,
    spare_numbers,
)  # fmt: skip
from lianxin.serve.actions.stepping import (
    NobodyDoes,
    NotForYou,
    NotThisWay,
    OfficeGone,
    StepOver,
    answer_step,
    hand_over_closed,
    reassign,
    ring,
    seat,
    step,
)  # fmt: skip
from lianxin.serve.actions.suspending import (
    NoDays,
    NotListed,
    resume,
    suspend,
)  # fmt: skip

__all__ = [
    "ApplicationRefusal", "AuthorisationMissing", "ClockSetBack", "DraftThere", "Given", "Kept", "KeyUsed",
    "LeaderNeeded", "LineEnded", "ListTaken", "MaterialMissing", "NoDays", "NoDocument", "NoGrade", "NoPhone",
    "NoPrinter", "NoProcess", "NoProposal", "NoSuchMaterial", "NobodyDoes", "NotADraft", "NotApplicable", "NotAsked",
    "NotBad", "NotComplete", "NotForYou", "NotInForce", "NotListed", "NotLive", "NotPossibleNow", "NotThisWay",
    "NotWaiting", "NotYetComplete", "NotYetDay", "NotYetOver", "NothingGiven", "NothingWrong", "NumberTaken",
    "NumberUsed", "OfficeGone", "OtherProposal", "Overlapping", "Overtaken", "Person", "PersonMissing", "RatedAlready",
    "ReasonNeeded", "Said", "SamePerson", "SeenBefore", "StepOver", "StepsOpen", "StillFaulty", "StillInForce",
    "TooMany", "TooMuch", "UnknownPlace", "WordingChanged", "WrongDay", "WrongList", "WrongService", "WrongVerdict",
    "accept", "add_line", "answer_rating", "answer_step", "apply", "attach", "attach_sample", "begin", "begin_intake",
    "change_phone", "claim_intake", "close", "correct", "decide", "deem_accepted", "deliver", "draft_service",
    "drop_service", "edit_list", "edit_service", "end_line", "end_with_service", "fetch", "hand_over_closed",
    "keep_draft", "list_materials", "look", "make_list", "new_wording", "open_intake", "propose", "publish_service",
    "rate", "rate_silent", "reassign", "receive", "refuse", "release_intake", "replace", "required", "resume",
    "reveal", "review_service", "revise_service", "revoke", "ring", "save", "seat", "seed_wordings", "spare_numbers",
    "step", "submit", "supply", "suspend", "take_services", "withdraw",
]  # fmt: skip
