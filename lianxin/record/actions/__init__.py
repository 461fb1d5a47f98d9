"""Every write to files, links and encounters, one deed per function."""

from lianxin.record.actions.book import (
    BookTaken,
    NoSuchPage,
    PageTaken,
    PastPeriod,
    SecondEyes,
    bind,
    check_scan,
    register_book,
    scan,
    set_period,
)
from lianxin.record.actions.calling import AlreadySettled, NotOnTheList, raise_call, report_call
from lianxin.record.actions.campaign import (
    AlreadyDone,
    CampaignTaken,
    NotTheirAction,
    WrongDays,
    meet_need,
    note_need,
    offer_need,
    open_campaign,
    report_action,
    seat,
    set_action,
    set_goal,
    set_target,
)
from lianxin.record.actions.care import (
    AlreadyRuled,
    NotLive,
    enter_risk,
    give_code,
    lift_risk,
    look,
    object_to,
    print_book,
    reveal,
    review_risk,
    rule,
    take_away,
    with_code,
)
from lianxin.record.actions.change import Changed, Conflict, NoSuchField, change, value_of
from lianxin.record.actions.diary import AlreadyShared, NotShared, comment_diary, edit_diary, share_diary, write_diary
from lianxin.record.actions.fact import (
    EndsTooEarly,
    NoLead,
    NotOfThisHousehold,
    end_fact,
    hand_on,
    keep_kind,
    settle_lead,
    state,
)
from lianxin.record.actions.fill import NotAsked, fill, keep_survey
from lianxin.record.actions.handset import (
    AlreadyAsked,
    AlreadyCarried,
    ask_wipe,
    enrol,
    find_handset,
    may_carry,
    meet,
    wiped,
)
from lianxin.record.actions.household import (
    AlreadyGone,
    AlreadyOpen,
    OddIdentity,
    OneHead,
    add_resident,
    agree,
    decline,
    leave,
    open_household,
    tell,
    verify,
)
from lianxin.record.actions.keeping import (
    KindTaken,
    NotOnAList,
    OddCondition,
    add_discipline,
    add_kind,
    add_mark,
    add_occasion,
    add_offer,
    end_offer,
    retire,
)
from lianxin.record.actions.lineage import NobodyGoes, SameHousehold, close_household, merge, move, split
from lianxin.record.actions.link import AlreadyLinked, LinkElsewhere, WrongLink, hand_over, link, unlink
from lianxin.record.actions.listed import take_households
from lianxin.record.actions.outing import (
    AlreadyDeclared,
    NoReason,
    NotGoing,
    NothingToDeclare,
    NotPlannable,
    attend,
    declare,
    plan_outings,
)
from lianxin.record.actions.reached import FileClosed
from lianxin.record.actions.refusals import (
    AlreadyHandedIn,
    ClientIdTaken,
    FileIncomplete,
    NobodyNamed,
    NoChecklist,
    NotHeldYet,
    NothingChanged,
    OutOfReach,
    StillDraft,
)
from lianxin.record.actions.session import (
    NobodyToAsk,
    NotASession,
    NotInvited,
    add_guest,
    come,
    invite,
    put_topic,
    release_guest,
    settle_topic,
)
from lianxin.record.actions.sync import Came, Clash, Entry, EntrySettled, NotHereYet, Taken, drop, settle, take, take_in
from lianxin.record.actions.team import (
    AlreadySignedUp,
    InATeam,
    NotOfTheTeam,
    NumberTaken,
    OwnedPlace,
    ProfileMissing,
    choose,
    give_area,
    join_team,
    lead_team,
    leave_team,
    make_team,
    open_doors,
    set_team_rule,
    sign_up,
    take_area,
)
from lianxin.record.actions.upload import NotWhole, OtherFile, OtherOffset, TooMuch, forget_pieces, put_piece
from lianxin.record.actions.village import (
    NoProfile,
    OddCode,
    OneFile,
    close_enterprise,
    complete_village,
    open_enterprise,
    open_village,
)
from lianxin.record.actions.visit import Details, amend, draft, edit_draft, submit, visit

__all__ = [
    "AlreadyAsked", "AlreadyCarried", "AlreadyDeclared", "AlreadyDone", "AlreadyGone", "AlreadyHandedIn",
    "AlreadyLinked", "AlreadyOpen", "AlreadyRuled", "AlreadySettled", "AlreadyShared", "AlreadySignedUp", "BookTaken",
    "Came", "CampaignTaken", "Changed", "Clash", "ClientIdTaken", "Conflict", "Details", "EndsTooEarly", "Entry",
    "EntrySettled", "FileClosed", "FileIncomplete", "InATeam", "KindTaken", "LinkElsewhere", "NoChecklist", "NoLead",
    "NoProfile", "NoReason", "NoSuchField", "NoSuchPage", "NobodyGoes", "NobodyNamed", "NobodyToAsk", "NotASession",
    "NotAsked", "NotGoing", "NotHeldYet", "NotHereYet", "NotInvited", "NotLive", "NotOfTheTeam", "NotOfThisHousehold",
    "NotOnAList", "NotOnTheList", "NotPlannable", "NotShared", "NotTheirAction", "NotWhole", "NothingChanged",
    "NothingToDeclare", "NumberTaken", "OddCode", "OddCondition", "OddIdentity", "OneFile", "OneHead", "OtherFile",
    "OtherOffset", "OutOfReach", "OwnedPlace", "PageTaken", "PastPeriod", "ProfileMissing", "SameHousehold",
    "SecondEyes", "StillDraft", "Taken", "TooMuch", "WrongDays", "WrongLink", "add_discipline", "add_guest",
    "add_kind", "add_mark", "add_occasion", "add_offer", "add_resident", "agree", "amend", "ask_wipe", "attend",
    "bind", "change", "check_scan", "choose", "close_enterprise", "close_household", "come", "comment_diary",
    "complete_village", "declare", "decline", "draft", "drop", "edit_diary", "edit_draft", "end_fact", "end_offer",
    "enrol", "enter_risk", "fill", "find_handset", "forget_pieces", "give_area", "give_code", "hand_on", "hand_over",
    "invite", "join_team", "keep_kind", "keep_survey", "lead_team", "leave", "leave_team", "lift_risk", "link",
    "look", "make_team", "may_carry", "meet", "meet_need", "merge", "move", "note_need", "object_to", "offer_need",
    "open_campaign", "open_doors", "open_enterprise", "open_household", "open_village", "plan_outings", "print_book",
    "put_piece", "put_topic", "raise_call", "register_book", "release_guest", "report_action", "report_call",
    "retire", "reveal", "review_risk", "rule", "scan", "seat", "set_action", "set_goal", "set_period", "set_target",
    "set_team_rule", "settle", "settle_lead", "settle_topic", "share_diary", "sign_up", "split", "state", "submit",
    "take", "take_area", "take_away", "take_households", "take_in", "tell", "unlink", "value_of", "verify", "visit",
    "wiped", "with_code", "write_diary",
]  # fmt: skip
