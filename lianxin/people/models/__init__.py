"""People and posts: offices, officers, who stands in for whom, and the calendar they work by."""

from lianxin.people.models.account import PhoneCode, Token
from lianxin.people.models.calendar import CalendarDay, Limit, calendar_now
from lianxin.people.models.campaign import Campaign
from lianxin.people.models.keys import key_of, phone_index
from lianxin.people.models.office import County, Jurisdiction, Office, OfficeHours
from lianxin.people.models.officer import Post, Shift, Substitution, User
from lianxin.people.models.remembered import Remembered, forget_all

__all__ = [
    "CalendarDay", "Campaign", "County", "Jurisdiction", "Limit", "Office", "OfficeHours", "PhoneCode", "Post",
    "Remembered", "Shift", "Substitution", "Token", "User", "calendar_now", "forget_all", "key_of", "phone_index",
]  # fmt: skip
