"""All settings, from the environment alone. Without DATABASE_URL and REDIS_URL it runs embedded: SQLite, one process.

`.env.example` says what each variable is for.
"""

from __future__ import annotations

import importlib
import os
import secrets
import warnings
from pathlib import Path
from typing import Any

import environ
from cryptography.fernet import Fernet

from resolutionflow.api.enum_names import ENUM_NAMES
from resolutionflow.ops import environment, logs, startup_checks

BASE_DIR = Path(__file__).resolve().parent.parent
env = environment.Env()
ENV_FILE = Path(env.str("ENV_FILE", default=str(BASE_DIR / ".env")))
if ENV_FILE.exists():
    environ.Env.read_env(ENV_FILE)
elif "ENV_FILE" in os.environ:
    environment.refuse_to_start([f"ENV_FILE names {ENV_FILE}, which does not exist."])

# --- where and how it runs -----------------------------------------------------------------------

DEBUG: bool = env.bool("DEBUG", default=False)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
environment.make_data_folder(DATA_DIR)
HOST: str = env.str("HOST", default="127.0.0.1")
PORT: int = env.int("PORT", default=8000, least=1, most=65_535)
ADDRESS_NOTE = DATA_DIR / "address"  # while `up` runs: the links of a command in another shell lead there
_RUNNING = environment.running_address(ADDRESS_NOTE) if DEBUG and not env.str("PORT", default="") else ""
_HERE = (_RUNNING or f"http://127.0.0.1:{PORT}") if DEBUG else ""
SITE_URL: str = startup_checks.tidy(env.str("SITE_URL", default=_HERE))
SITE = startup_checks.split(SITE_URL)
HTTPS = SITE.scheme == "https"
ALLOW_HTTP: bool = env.bool("ALLOW_HTTP")
DATABASE_URL: str = env.str("DATABASE_URL", default="")
REDIS_URL: str = env.str("REDIS_URL", default="")
EMBEDDED = not DATABASE_URL and not REDIS_URL
TRUSTED_PROXIES: list[str] = env.list("TRUSTED_PROXIES", default=[])
OUTBOUND_ALLOWLIST: list[str] = env.list("OUTBOUND_ALLOWLIST", default=[])
METRICS_TOKEN: str = env.str("METRICS_TOKEN", default="")
EMAIL_URL: str = env.str("EMAIL_URL", default="")
FILE_STORAGE: str = env.str("FILE_STORAGE", default="") or environment.FILES_ON_DISK
FILE_STORAGE_OPTIONS: dict[str, Any] = env.options("FILE_STORAGE_OPTIONS") or environment.on_disk(
    FILE_STORAGE, DATA_DIR / "files"
)
SITE_HOST = startup_checks.host_of(SITE_URL) or "localhost"
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="") or f"ResolutionFlow <noreply@{SITE_HOST}>"
ANTHROPIC_BASE_URL: str = env.str("ANTHROPIC_BASE_URL", default="") or "https://api.anthropic.com"
SENTRY_DSN: str = env.str("SENTRY_DSN", default="")
LOG_LEVEL: str = env.str("LOG_LEVEL", default="").upper() or "INFO"

_LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[SITE_HOST, *_LOOPBACK] if DEBUG else [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[]) or ([SITE_URL] if SITE_URL else [])
SECURE_HSTS_SECONDS: int = env.int("HSTS_SECONDS", default=365 * 24 * 60 * 60) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS: bool = env.bool("HSTS_INCLUDE_SUBDOMAINS")
SECURE_HSTS_PRELOAD: bool = env.bool("HSTS_PRELOAD")

SECRET_KEY: str = env.str("SECRET_KEY", default="")
FIELD_ENCRYPTION_KEYS: list[str] = env.list("FIELD_ENCRYPTION_KEYS", default=[])
if DEBUG and not SECRET_KEY:
    SECRET_KEY = environment.kept_secret(DATA_DIR / "secret_key", lambda: secrets.token_urlsafe(64))
if DEBUG and not FIELD_ENCRYPTION_KEYS:
    FIELD_ENCRYPTION_KEYS = [
        environment.kept_secret(DATA_DIR / "field_encryption_key", lambda: Fernet.generate_key().decode())
    ]
if problems := startup_checks.problems(globals()):
    environment.refuse_to_start(problems)

# --- the application -----------------------------------------------------------------------------

INSTALLED_APPS = [
    "notifications",
    "handoffs",
    "sessions_app",
    "resolutionflow.accounts",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "channels",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "csp",
]
# Every one of these is on the way of every claim: add none without need.
MIDDLEWARE = [
    "resolutionflow.ops.logs.RequestId",  # first: whoever answers, and whatever is written meanwhile, has it
    "resolutionflow.web.middleware.HostMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "resolutionflow.web.middleware.NoStoreMiddleware",
    "resolutionflow.ops.logs.RequestLog",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "resolutionflow.web.timezone.TimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "resolutionflow.accounts.sign_in.middleware.MembersMiddleware",
    "resolutionflow.core.origin.OriginMiddleware",
    "resolutionflow.core.once.OnceMiddleware",
    "resolutionflow.web.error_pages.RefusalMiddleware",
    "resolutionflow.web.unsent_text.UnsentTextMiddleware",  # last: what reaches it was refused by none of the others
]
ROOT_URLCONF = "resolutionflow.urls"
ASGI_APPLICATION = "resolutionflow.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "handoffs.context_processors.page_frame",
                "notifications.context_processors.bell",
            ],
            "builtins": ["resolutionflow.web.templatetags"],
        },
    },
]
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG  # developing needs no collectstatic
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "files": {"BACKEND": FILE_STORAGE, "OPTIONS": FILE_STORAGE_OPTIONS},  # pictures and files of sessions
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "resolutionflow.web.static_storage.StaticFilesStorage"
    },
}
MAX_BODY: int = env.int("MAX_BODY", default=2_000_000, least=100_000)  # more is refused while it arrives: body_limit.py
MAX_FILE: int = env.int("MAX_FILE", default=10_000_000, least=100_000)  # of one uploaded file
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY  # only an uploaded file is kept on disk meanwhile
DATA_UPLOAD_MAX_NUMBER_FILES = 20  # in one request
# HSTS for sub-domains and browsers' lists is the operator's to ask for: it binds names that are not this site's.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # templates/django/forms/field.html

# --- database, cache -----------------------------------------------------------------------------

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000; PRAGMA foreign_keys=ON;"
    "PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=27103364; PRAGMA cache_size=2000;"
)
# What is looked up by number is in memory or on an SSD: by default a walk through a million sessions is thought cheaper
# than looking up the five thousand that wait.
POSTGRESQL_PLANS = "-c random_page_cost=1.1 -c jit=off"
# A verb waits two seconds for a row, then answers "busy"; nothing holds a connection for ever.
POSTGRESQL_LIMITS = "-c lock_timeout=2000 -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000"
DATABASES: dict[str, dict[str, Any]]
if DATABASE_URL:
    DATABASES = {"default": env.db_url_config(DATABASE_URL)}
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # the pool keeps them; under ASGI an age would leak them
    DATABASES["default"]["OPTIONS"] = {
        "options": f"{POSTGRESQL_LIMITS} {POSTGRESQL_PLANS}",
        "connect_timeout": 5,
        **DATABASES["default"].get("OPTIONS", {}),
        "pool": {"min_size": 1, "max_size": 16, "timeout": 5},
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "resolutionflow.sqlite3",
            "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": SQLITE_PRAGMAS},
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database, so that no request waits on Redis, and counters are the same in every process.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # What a process has rendered and may render again; each for itself, and nothing is lost with it.
    "local": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}

# --- sockets and workers -------------------------------------------------------------------------

CHANNEL_LAYERS: dict[str, dict[str, Any]] = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            # redis-py's own socket_timeout of 5 s would end every idle subscription.
            "CONFIG": {
                "prefix": "rf",
                "hosts": [
                    {"address": REDIS_URL, "socket_timeout": None, "socket_connect_timeout": 1, "max_connections": 512}
                ],
            },
        }
    }

CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker as long as it takes
CELERY_TASK_PUBLISH_RETRY = False
DJANGO_STRUCTLOG_CELERY_TASK_RETRY_LOG_LEVEL = 20  # info: that a task was too old to be taken is no news, see celery.py
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "fast"
CELERY_TASK_ROUTES = {
    "handoffs.*": {"queue": "slow"},
    "sessions_app.*": {"queue": "slow"},
    "notifications.*": {"queue": "fast"},
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False  # rows say what is done, not the broker
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"polling_interval": 0.05}
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 600,
        "unacked_restore_interval": 15,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,  # longer than the second a worker blocks for, short for who publishes
        "socket_connect_timeout": 1,
        "socket_keepalive": True,
        "health_check_interval": 25,
        "global_keyprefix": "rf:",
    }

# --- people and security -------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]  # passwords.sign_in() stands before it
PASSWORD_HASHERS = ["resolutionflow.accounts.sign_in.passwords.Argon2"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator"},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60  # of mailed links and of those handed out to new members
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
ACCOUNT_ADAPTER = "resolutionflow.accounts.sign_in.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "resolutionflow.accounts.forms.members.SignInForm",
    "reset_password": "resolutionflow.accounts.forms.members.ForgottenPasswordForm",
    "reset_password_from_key": "resolutionflow.accounts.forms.members.SetPasswordForm",
    "user_token": "resolutionflow.accounts.forms.members.PasswordLinkForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "resolutionflow.accounts.models.password_links.PasswordLinks"  # noqa: S105
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = False  # ours: accounts/sign_in/limits.py
SESSION_COOKIE_AGE = 12 * 60 * 60  # idle; MembersMiddleware keeps busy sessions awake, for 7 days at most
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"  # __Host-: no sub-domain can plant one
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_FAILURE_VIEW = "resolutionflow.web.error_pages.csrf_failure"
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]  # asked by machines, from inside
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *([f"wss://{SITE.netloc}"] if HTTPS else [])],
        "form-action": ["'self'"],
        "manifest-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- mail ----------------------------------------------------------------------------------------

SERVER_EMAIL = DEFAULT_FROM_EMAIL
if EMAIL_URL:
    globals().update({name: value for name, value in env.email_url_config(EMAIL_URL).items() if value is not None})
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_TIMEOUT = 20

# --- API -----------------------------------------------------------------------------------------

REST_FRAMEWORK: dict[str, Any] = {
    "EXCEPTION_HANDLER": "resolutionflow.api.errors.handle_error",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "ALLOWED_VERSIONS": ["v1"],  # another in the address of the schema is ignored, where it came into a header
}
API_REQUESTS_PER_MINUTE = 3000  # of one person, in one process
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "ResolutionFlow",
    "VERSION": "1",
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "resolutionflow.api.schema.tell_rules"],
    "OAS_VERSION": "3.1.0",  # 3.0 cannot say "a person, or null"
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "COMPONENT_SPLIT_PATCH": False,  # what a PATCH takes is a class of its own, with nothing required
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
}

# --- the language model --------------------------------------------------------------------------

ANTHROPIC_API_KEY: str = env.str("ANTHROPIC_API_KEY", default="")
ANTHROPIC_MODEL: str = env.str("ANTHROPIC_MODEL", default="claude-haiku-5-5")
ANTHROPIC_MODELS: list[str] = env.list("ANTHROPIC_MODELS", default=[]) or [ANTHROPIC_MODEL]
AI_PRICES = env.prices("AI_PRICES")
AI_TIMEOUT_SECONDS: int = env.int("AI_TIMEOUT_SECONDS", default=45, least=1, most=600)

# --- what it says of itself ----------------------------------------------------------------------

# WhiteNoise hands files to the server in one thread: right for this, and said on every file otherwise.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
# And what serves collects the static files first: a command that serves nothing has no need of them.
warnings.filterwarnings("ignore", message="No directory at")
LOGGING = logs.configure(LOG_LEVEL, as_json=not DEBUG)
if SENTRY_DSN:
    importlib.import_module("sentry_sdk").init(
        dsn=SENTRY_DSN,
        send_default_pii=False,
        include_local_variables=False,  # among them are addresses and keys that look like nothing special
        max_request_body_size="never",
        before_send=logs.without_secrets,
        before_send_transaction=logs.without_secrets,
        before_breadcrumb=logs.without_secrets,
    )
