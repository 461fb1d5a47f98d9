"""Every write of this app, one deed per function."""

from lianxin.people.actions.account import (
    AlreadyEnrolled,
    LastKeeper,
    NameTaken,
    WeakPassword,
    WrongCode,
    begin_enrolment,
    check_code,
    close_user,
    confirm_enrolment,
    make_user,
    note_sign_in,
    reopen_user,
    reset_second_factor,
    set_password,
)  # fmt: skip
from lianxin.people.actions.allow import allow
from lianxin.people.actions.calendar import PastLimit, WrongHours, import_calendar, seed_calendar, set_hours, set_limit
from lianxin.people.actions.county import AlreadyFounded, WrongPrefix, edit_county, found_county, seed_limits
from lianxin.people.actions.need import NotAllowed, behalf, need
from lianxin.people.actions.office import (
    ClosedOffice,
    OfficesImported,
    StillInUse,
    WrongOffice,
    add_area,
    close_office,
    edit_office,
    end_area,
    import_areas,
    import_offices,
    import_outlines,
    merge_areas,
    open_office,
    rename_area,
)  # fmt: skip
from lianxin.people.actions.phone import TooManyCodes, WrongPhone, check_phone_code, make_phone_code
from lianxin.people.actions.post import (
    LeftOfficer,
    NotYourself,
    WrongDates,
    appoint,
    close_post,
    open_post,
    vacate,
)  # fmt: skip
from lianxin.people.actions.substitution import (
    AlreadyAbsent,
    NoChain,
    NoPost,
    TwoShifts,
    WrongSpan,
    drop_shift,
    end_substitution,
    roster,
    substitute,
)  # fmt: skip
from lianxin.people.actions.token import (
    AlreadyRevoked,
    WrongExpiry,
    find_token,
    make_token,
    revoke_token,
)  # fmt: skip

__all__ = [
    "AlreadyAbsent", "AlreadyEnrolled", "AlreadyFounded", "AlreadyRevoked", "ClosedOffice", "LastKeeper", "LeftOfficer",
    "NameTaken", "NoChain", "NoPost", "NotAllowed", "NotYourself", "OfficesImported", "PastLimit", "StillInUse",
    "TooManyCodes", "TwoShifts", "WeakPassword", "WrongCode", "WrongDates", "WrongExpiry", "WrongHours", "WrongOffice",
    "WrongPhone", "WrongPrefix", "WrongSpan", "add_area", "allow", "appoint", "begin_enrolment", "behalf",
    "check_code", "check_phone_code", "close_office", "close_post", "close_user", "confirm_enrolment", "drop_shift",
    "edit_county", "edit_office", "end_area", "end_substitution", "find_token", "found_county", "import_areas",
    "import_calendar",
    "import_offices", "import_outlines", "make_phone_code", "make_token", "make_user", "merge_areas", "need",
    "note_sign_in", "open_office", "open_post", "rename_area", "reopen_user", "reset_second_factor", "revoke_token",
    "roster", "seed_calendar", "seed_limits", "set_hours", "set_limit", "set_password", "substitute", "vacate",
]  # fmt: skip
