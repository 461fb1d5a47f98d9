"""All settings, and the only reader of the environment.

What an office would want to change (limits, categories, templates, names) is a row, not a setting. No setting can
switch a permission off. docs/settings.md explains each variable.
"""

import os
import secrets
import sys
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF

ROOT = Path(__file__).resolve().parent.parent.parent
DATA = Path(os.environ.get("DATA") or ROOT / "data").resolve()
PORT = int(os.environ.get("PORT") or 8000)
DEBUG = os.environ.get("DEBUG") == "1"
TESTING = "pytest" in sys.modules
PUBLIC_URL = (os.environ.get("PUBLIC_URL") or f"http://localhost:{PORT}").rstrip("/")
HTTPS = PUBLIC_URL.startswith("https://")


def _kept_secret(name: str) -> str:
    """Read a secret from the environment, else from the data folder, where it is made once and kept."""
    if given := os.environ.get(name):
        return given
    path = DATA / f"{name.lower()}.txt"
    DATA.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(made := secrets.token_urlsafe(48))
    return made


SECRET_KEY = _kept_secret("SECRET_KEY")
# Seals names, phones and addresses at rest. Losing it loses them: back it up apart from the database.
DATA_KEY = _kept_secret("DATA_KEY")
ALLOWED_HOSTS = [h for h in os.environ.get("HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

OWN_APPS = (
    "project portal desk field supervise help govern resolve serve listen record flow sheets outbox intake "
    "people places ledger"
)
INSTALLED_APPS = [
    *(f"lianxin.{app}" for app in OWN_APPS.split()),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    "django_htmx",
    "csp",
    "ninja",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lianxin.people.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lianxin.people.middleware.closed_by_default",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "lianxin.project.urls"
WSGI_APPLICATION = "lianxin.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "lianxin.people.middleware.county",
            ]
        },
    }
]


def _database() -> dict[str, Any]:
    """Configure SQLite in the data folder, or whatever DATABASE_URL names."""
    DATA.mkdir(parents=True, exist_ok=True)
    address = os.environ.get("DATABASE_URL") or f"sqlite:///{DATA}/lianxin.sqlite3"
    found: dict[str, Any] = dict(dj_database_url.parse(address))
    if found["ENGINE"].endswith("sqlite3"):
        found |= {"ENGINE": "lianxin.project.sqlite", "TEST": {"NAME": ":memory:"}}
        # Each thread keeps its connection: to open one costs milliseconds, and pages read before would be read again.
        found["CONN_MAX_AGE"] = None
        # IMMEDIATE: a writer waits its turn instead of failing half way. FULL: what was said survives a power cut.
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;",
        }
    elif not TESTING:
        # Compiling a question of a page takes PostgreSQL ten times as long as answering it.
        asked = found.setdefault("OPTIONS", {})
        asked["options"] = f"-c jit=off {asked.get('options', '')}".strip()
        asked["pool"] = {"min_size": 1, "max_size": 8}
        found["CONN_HEALTH_CHECKS"] = True
    else:  # nothing of a test need survive a power cut
        found.setdefault("OPTIONS", {})["options"] = "-c jit=off -c synchronous_commit=off"
    return found


DATABASES = {"default": _database()}
# Rates of visitors are kept by each process; what must hold for certain (tries of a code, lock-outs) is in tables.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL, LOGIN_REDIRECT_URL, TELEPHONES_URL = "sign_in", "desk:todo", "field:handsets"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False  # names of accounts do not belong in the log
AXES_CLIENT_IP_CALLABLE = "lianxin.people.middleware.visitor"
AXES_LOCKOUT_CALLABLE = "lianxin.people.middleware.locked_out"
OTP_TOTP_ISSUER = "Lianxin"

SESSION_ENGINE, SESSION_COOKIE_AGE = "lianxin.people.models.session", 12 * 3600
IDLE_MINUTES = 30  # an officer who does nothing for this long is signed out
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
_FROM_HERE = ["script-src", "style-src", "font-src", "connect-src", "manifest-src", "form-action"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **{key: [SELF] for key in _FROM_HERE},
        **{key: [NONE] for key in ["default-src", "base-uri", "frame-ancestors"]},
        "img-src": [SELF, "data:"],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "uploads"}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "lianxin.project.storage.Storage"
    },
}
# Whitenoise reads the whole folder when it begins: once for a server, but for every visitor of a test.
WHITENOISE_AUTOREFRESH = DEBUG or TESTING
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
UPLOAD_MAX_BYTES = 20 * 1024 * 1024

# Where messages go. Empty: written to DATA/spool, one file each, which a person can read.
SMTP_URL = os.environ.get("SMTP_URL", "")  # smtp://user:password@host:587/?tls=1
SMS_URL = os.environ.get("SMS_URL", "")  # https://gateway/send, see docs/settings.md for its contract
SMS_TOKEN = os.environ.get("SMS_TOKEN", "")
MAIL_FROM = os.environ.get("MAIL_FROM", "lianxin@localhost")
# Addresses of proxies in front, so that rate limits see the real visitor. Empty: the peer is the visitor.
TRUSTED_PROXIES = [p for p in os.environ.get("TRUSTED_PROXIES", "").split(",") if p]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
# The proxy in front redirects to https; subdomains and preload are decisions of whoever owns the county's domain.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
