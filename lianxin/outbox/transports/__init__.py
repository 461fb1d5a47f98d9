"""The ways out of the house."""

from django.conf import settings

from lianxin.outbox.transports.parcel import NotNow, NotTaken, Parcel, Transport, Unclear
from lianxin.outbox.transports.sms_http import SmsHttp
from lianxin.outbox.transports.smtp import Smtp
from lianxin.outbox.transports.spool import Spool

TRANSPORTS: dict[str, Transport] = {"spool": Spool(), "smtp": Smtp(), "sms_http": SmsHttp()}

__all__ = ["TRANSPORTS", "NotNow", "NotTaken", "Parcel", "Transport", "Unclear", "transport_for"]


def transport_for(way: str) -> str:
    """Return the name of the transport that takes messages of this way: a real one where it is configured."""
    if way == "email" and settings.SMTP_URL:
        return "smtp"
    if way == "sms" and settings.SMS_URL:
        return "sms_http"
    return "spool"
