"""Django's settings, made from the environment. Every choice that an operator has is there."""

import socket
from typing import Any

from csp.constants import NONE, SELF

from . import broker, environment, logs

ROOT = environment.ROOT
ENV = environment.read()

DEBUG = ENV.debug
SECRET_KEY = ENV.secret_key
SECRET_KEY_FALLBACKS = list(ENV.former_keys)
ALLOWED_HOSTS = list(ENV.allowed_hosts)
DATA_DIR = ENV.data_dir
IS_PRODUCTION = ENV.is_production
IS_BEHIND_PROXY = ENV.behind_proxy

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "template_partials",
    "tracker",
]
MIDDLEWARE = [
    "tracker.web.health.LivenessMiddleware",
    "tracker.config.requestlog.RequestLogMiddleware",
    # Both before what may answer by itself: files and redirects carry their headers too.
    "tracker.web.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tracker.web.middleware.RefusalsMiddleware",
]
ROOT_URLCONF = "tracker.config.urls"
WSGI_APPLICATION = "tracker.config.wsgi.application"
# Ours first: they stand in for those of the same name that an app brings along.
_LOADERS = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    _LOADERS if DEBUG else [("django.template.loaders.cached.Loader", _LOADERS)],
                )
            ],
            "builtins": ["template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tracker.web.local.has_mailbox",
                "tracker.web.health.watch",
            ],
        },
    }
]
FORM_RENDERER = "tracker.web.forms.renderer.Renderer"
SILENCED_SYSTEM_CHECKS: list[str] = []

# --- data


def _databases() -> dict[str, dict[str, Any]]:
    found = ENV.database
    if found.vendor == "sqlite":
        return {
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": found.name,
                "OPTIONS": {
                    # Writers queue at BEGIN; without it two readers that both turn into
                    # writers fail at once, whatever the timeout says.
                    "transaction_mode": "IMMEDIATE",
                    "timeout": 20,
                    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
                },
                # Tests use a file too: what is in memory knows no locks to wait for.
                "TEST": {"NAME": str(ENV.data_dir / "test.sqlite3")},
            }
        }
    return {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": found.name,
            "HOST": found.host,
            "PORT": found.port,
            "USER": found.user,
            "PASSWORD": found.password,
            # What the pool kept over a restart of the database is not handed out.
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                **_SILENT_NETWORK,
                **dict(found.options),
                # Tests end with their databases dropped, which a pool's spare connections forbid.
                **({} if ENV.mode == "test" else {"pool": _pool()}),
            },
        }
    }


# A database whose machine has vanished without a word is given up within half a minute.
_SILENT_NETWORK = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}


def _pool() -> dict[str, float]:
    """One connection for each thread that serves, and two to spare.

    ``reconnect_timeout``: the pool waits twice as long after each try; given up early, whoever asks
    next begins with short waits again, so that it is there soon after the database is.
    """
    return {
        "min_size": 1,
        "max_size": ENV.web_threads + 2,
        "timeout": 5,
        "reconnect_timeout": 4,
    }


DATABASES = _databases()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = ENV.redis_url or broker.url(ENV.data_dir)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache"
        if ENV.mode == "test"
        else "tracker.config.cache.SteadyCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "tracker-cache",
    }
}

# --- people

AUTH_USER_MODEL = "tracker.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "board"
LOGOUT_REDIRECT_URL = "board"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# A proxy's word for the visitor's address is taken only where there is one.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if ENV.behind_proxy else 0
ACCOUNT_ADAPTER = "tracker.web.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "tracker.web.forms.sign_in.SignIn",
    "reauthenticate": "tracker.web.forms.sign_in.Password",
    "change_password": "tracker.web.forms.sign_in.ChangePassword",
    "set_password": "tracker.web.forms.sign_in.SetPassword",
    "reset_password": "tracker.web.forms.sign_in.AskForPassword",
    "reset_password_from_key": "tracker.web.forms.sign_in.NewPassword",
    "add_email": "tracker.web.forms.sign_in.NewAddress",
}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "tracker.mail.links.PasswordTokens"  # noqa: S105
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {
    "login": None,  # its password is what costs: the three below
    "password": "10/m/ip,10/m/key",
    "password_from": "5/5m/key",
    "password_known": "10/10m/key",
    "login_failed": "10/m/ip,5/5m/key",  # codes
    "reset_password": "10/m/ip,3/10m/key",
    "read_source": "30/10m/key",  # fetching a source's address, reading a chosen file
}
MFA_ADAPTER = "tracker.web.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "tracker.web.forms.second_factors.Code",
    "reauthenticate": "tracker.web.forms.second_factors.CodeAgain",
    "activate_totp": "tracker.web.forms.second_factors.FirstCode",
    "add_webauthn": "tracker.web.forms.second_factors.AddPasskey",
    "edit_webauthn": "tracker.web.forms.second_factors.RenamePasskey",
    "authenticate_webauthn": "tracker.web.forms.second_factors.Passkey",
    "reauthenticate_webauthn": "tracker.web.forms.second_factors.PasskeyAgain",
    "login_webauthn": "tracker.web.forms.second_factors.PasskeyAlone",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Nobody signs up alone, so nobody can take an address that is not theirs and lock its owner out.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # telephones' clocks are not exact
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENV.is_production
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if ENV.mode == "test"
    else ["django.contrib.auth.hashers.Argon2PasswordHasher"]
)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- language and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# What a form may bring at once, files aside: five million characters of pasted text, and more.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20
FILE_UPLOAD_HANDLERS = ["tracker.web.uploads.BoundedHandler"]

# --- files

STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = ROOT / "staticfiles"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if ENV.is_production
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Outside production files are served as they lie in the repository: nothing is collected.
WHITENOISE_USE_FINDERS = not ENV.is_production
WHITENOISE_AUTOREFRESH = not ENV.is_production

# --- mail

DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.mail_from
EMAIL_SUBJECT_PREFIX = ""
SITE_URL = ENV.site_url
# Not in production, which is given EMAIL_URL; None: there is no mailbox, nor pages of it.
MAILBOX_DIR = ENV.email.mailbox or None
if MAILBOX_DIR:
    EMAIL_BACKEND = "tracker.mail.mailbox.EmailBackend"
elif ENV.email.folder:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
else:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_FILE_PATH = ENV.email.folder or None
EMAIL_HOST = ENV.email.host
EMAIL_PORT = ENV.email.port
EMAIL_HOST_USER = ENV.email.user
EMAIL_HOST_PASSWORD = ENV.email.password
EMAIL_USE_TLS = ENV.email.starttls
EMAIL_USE_SSL = ENV.email.tls
EMAIL_TIMEOUT = 15

# --- calls to other people's servers

OUTBOUND_NETWORKS = ENV.outbound_networks
HEARTBEAT = ENV.heartbeat

# --- the browser's rules

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "tracker.web.stale_forms.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.is_production
if ENV.is_production:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
if ENV.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- work in the background

_KEEPALIVE = {
    getattr(socket, name): seconds
    for name, seconds in (("TCP_KEEPIDLE", 10), ("TCP_KEEPINTVL", 5), ("TCP_KEEPCNT", 3))
    if hasattr(socket, name)  # not every system has them
}
CELERY_BROKER_URL = environment.kombu_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    # A broker whose machine has vanished without a word is given up within half a minute.
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "socket_keepalive_options": _KEEPALIVE,
}
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # however long it is away
CELERY_TASK_TIME_LIMIT = 240  # below visibility_timeout, or a slow task runs twice
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = ENV.worker_concurrency
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SYNC_EVERY = 1
CELERY_BEAT_SCHEDULE_FILENAME = str(ENV.data_dir / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep": {
        "task": "tracker.tasks.sweep.sweep",
        "schedule": 30.0,
        # A poke that nobody took in time is worth nothing: the next one does the same work.
        "options": {"expires": 60},
    },
    "deliver": {
        "task": "tracker.tasks.delivery.deliver",
        "schedule": 5.0,
        "options": {"expires": 30},
    },
    "deliver-webhooks": {
        "task": "tracker.tasks.delivery.deliver_webhooks",
        "schedule": 5.0,
        "options": {"expires": 30},
    },
    "imports": {
        "task": "tracker.tasks.imports.drain",
        "schedule": 5.0,
        "options": {"expires": 30},
    },
    "tidy": {
        "task": "tracker.tasks.tidying.tidy",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
}

# --- logs

LOGGING_CONFIG = "tracker.config.logs.configure"
LOGGING = logs.dict_config(as_json=ENV.is_production, level=ENV.log_level)
