"""Settings, read from the environment; without any, an embedded market under `var/`.

PIFA_HOME          where the embedded database, media and keys live (default: ./var)
PIFA_DATABASE_URL  sqlite:///path or postgresql://user:pass@host:port/name
PIFA_SECRET_KEY    else made once and kept in PIFA_HOME/secret-key
PIFA_LINK_KEY      keys the links of order invitations (default: the secret key); a new one ends them
PIFA_PAYER_KEY     keys the digests by which payers are known again (default: the secret key)
PIFA_HOSTS         host names served, separated by commas (default: this machine only)
PIFA_URL           the address people use, for links in mail and collection codes (default: where
                   `pifa serve` serves it)
PIFA_HTTPS         1 behind a proxy that ends TLS and sets X-Forwarded-Proto itself: secure
                   cookies, HSTS, redirects
PIFA_RULEBOOKS     a folder of rulebooks instead of those that come with Pifa
PIFA_SEASONS       a folder of the programme's seasons instead of those that come with Pifa
PIFA_LAKE_MEMORY   what the nightly rating may hold in memory (default: 1GB); the rest is spilled
PIFA_ALIPAY_…      Alipay and WeChat Pay, each off until all it needs is named: docs/gateways.md
PIFA_WECHAT_…
PIFA_SANDBOX_GATEWAY  1 or 0: payments that only play, on unless a real gateway is set up
PIFA_EMAIL_URL     smtp://user:pass@host:port; without it mail is kept in PIFA_HOME/mail
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import django_stubs_ext
from csp.constants import NONCE, SELF
from django.utils.translation import gettext_lazy as _

from pifa.web.operator.theme import UNFOLD as UNFOLD

django_stubs_ext.monkeypatch()

PACKAGE = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("PIFA_HOME", "var")).resolve()


def _secret_key() -> str:
    if given := os.environ.get("PIFA_SECRET_KEY"):
        return given
    kept = HOME / "secret-key"
    if not kept.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        handle, made = tempfile.mkstemp(dir=HOME)  # readable by its owner only
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):  # of two processes that begin, one makes it
            os.link(made, kept)
        os.unlink(made)
    return kept.read_text()


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                    " PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;"
                ),
            },
            "CONN_MAX_AGE": None,
        }
    if parts.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": _postgres_host(parts.hostname, parts.query),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": None,
            # Statements are parsed and planned once a connection, not once a request.
            "OPTIONS": {"server_side_binding": True, "prepare_threshold": 2},
        }
    raise ValueError("PIFA_DATABASE_URL must begin with sqlite:/// or postgresql://")


def _postgres_host(hostname: str | None, query: str) -> str:
    for pair in query.split("&"):
        if pair.startswith("host="):
            return unquote(pair[5:])
    return hostname or ""


SECRET_KEY = _secret_key()
LINK_KEY = os.environ.get("PIFA_LINK_KEY", "")
PAYER_KEY = os.environ.get("PIFA_PAYER_KEY", "")
"""Keys of their own, so that a new secret key need not end links or make every payer a new one."""
DEBUG = os.environ.get("PIFA_DEBUG") == "1"
HTTPS = os.environ.get("PIFA_HTTPS") == "1"
HOSTS = os.environ.get("PIFA_HOSTS") or "127.0.0.1,localhost,[::1]"
ALLOWED_HOSTS = [host.strip() for host in HOSTS.split(",") if host.strip()]

DATABASES = {
    "default": _database(
        os.environ.get("PIFA_DATABASE_URL") or f"sqlite:///{quote(str(HOME / 'pifa.sqlite3'))}"
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "pifa.web.operator.apps.OperatorConfig",
    "unfold.apps.BasicAppConfig",
    "pifa.web.operator.apps.ConsoleConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "ninja",
    "pifa.kernel",
    "pifa.parties",
    "pifa.ledger",
    "pifa.rulebook",
    "pifa.messages",
    "pifa.benefits",
    "pifa.relationships",
    "pifa.catalog",
    "pifa.posts",
    "pifa.metrics",
    "pifa.standing",
    "pifa.finance",
    "pifa.trade",
    "pifa.integrity",
    "pifa.crm",
    "pifa.programme",
    "pifa.api",
    "pifa.web.kit",
    "pifa.web.shared",
    "pifa.web.storefront",
    "pifa.web.buyer",
    "pifa.web.channel",
    "pifa.web.seller",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pifa.web.access.AccessMiddleware",
    "axes.middleware.AxesMiddleware",
]

API_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "pifa.site.handlers.content_policy",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
"""What a request with a token passes through instead; see `pifa.site.handlers`."""

ROOT_URLCONF = "pifa.site.urls"
WSGI_APPLICATION = "pifa.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pifa.web.kit.context.shell",
            ],
        },
    }
]

AUTH_USER_MODEL = "parties.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "429.html"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "frame-ancestors": ["'none'"],
        "form-action": [SELF],
        "base-uri": [SELF],
    },
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS: list[Path] = []
USE_I18N = True
USE_TZ = True
TIME_ZONE = MARKET_TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = HOME / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
LAKE = HOME / "lake"
LAKE_MEMORY = os.environ.get("PIFA_LAKE_MEMORY") or "1GB"
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024


def _email(url: str | None) -> dict[str, Any]:
    if url is None:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(HOME / "mail"),
        }
    parts = urlsplit(url)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": parts.port or 587,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": True,
        "EMAIL_TIMEOUT": 20,
    }


_GATEWAY_SETTINGS = {
    "alipay": ("APP_ID", "SELLER_ID", "KEY_FILE", "ALIPAY_KEY_FILE", "SERVER", "TIMEOUT"),
    "wechat": (
        "APP_ID",
        "MERCHANT_ID",
        "KEY_FILE",
        "CERT_SERIAL",
        "APIV3_KEY_FILE",
        "WECHAT_KEY_FILE",
        "WECHAT_KEY_ID",
        "SERVER",
        "TIMEOUT",
    ),
}
GATEWAYS = {
    code: {
        name: value
        for name in names
        if (value := os.environ.get(f"PIFA_{code.upper()}_{name}", "").strip())
    }
    for code, names in _GATEWAY_SETTINGS.items()
}
"""Ids and names of key files of the real gateways; `finance/gateways/config.py` reads them."""

SANDBOX_GATEWAY = (
    os.environ.get("PIFA_SANDBOX_GATEWAY", "0" if any(GATEWAYS.values()) else "1") == "1"
)

globals().update(_email(os.environ.get("PIFA_EMAIL_URL")))
SITE_URL = os.environ.get("PIFA_URL", "http://127.0.0.1:8000")
DEFAULT_FROM_EMAIL = "Pifa <no-reply@pifa.invalid>"

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("PIFA_LOG", "WARNING")},
}
SILENCED_SYSTEM_CHECKS = ["axes.W006"]

RULEBOOKS = Path(os.environ.get("PIFA_RULEBOOKS") or PACKAGE / "rulebooks")
"""The folder of the market's rulebooks; docs/rulebooks.md tells how one is written."""

SEASONS = Path(os.environ.get("PIFA_SEASONS") or PACKAGE / "seasons")
"""The folder of the programme's seasons; docs/seasons.md tells how one is written."""

MARKET = {
    "payment_hours": 72,
    "receipt_days": 10,
    "ship_hours": 48,
    "express_hours": 2,
    "unshipped_refund_days": 30,
    "custom_unshipped_refund_days": 90,
    "production_grace_days": 3,
    "production_lapse_days": 30,
    "refund_answer_days": 3,
    "return_days": 7,
    "review_days": 15,
    "dispute_days": 7,
    "protection_deposit_fen": 1_000_00,
    "instant_fee_returned": False,
    "first_order_claim_days": 15,
    "first_order_limit_fen": 200_00,
    "protection_year_fen": 500_000_00,
    "invoice_request_days": 90,
    "invoice_days": 7,
    "credit_note_days": 10,
    "gateway_minutes": 30,
    "collection_limit_fen": 50_000_00,
    "collection_hours": 24,
    "collection_tries_of_code": 120,
    "collection_tries_of_payer": 10,
    "invitation_misses": 20,
    "invitation_payments": 20,
    "credit_remind_before_days": 3,
    "credit_freeze_after_days": 1,
    "credit_overdue_counted_days": 90,
    "credit_repayment_hours": 72,
    "cash_limit_fen": 50_000_00,
    "cash_remit_days": 3,
    "cash_report_days": 15,
    "bill_most_months": 6,
    "bill_answer_days": 2,
}
"""Periods and amounts of the market's ordinary terms, until the rulebook holds them."""

MARKET_BANK_HOLIDAYS: tuple[str, ...] = ()
"""Days besides weekends on which banks are closed (ISO dates): no business days."""

MARKET_CREDIT_REMINDERS = (3, 7, 15, 30, 60)
"""Days after the due day on which both sides of overdue trade credit are told of it again."""
