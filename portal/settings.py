"""Settings, read from the environment only; `.env.example` documents each name.

A value that is missing or wrong stops the start with a sentence that says what to set.
"""

import os
import re
import sys
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

# Templates, static files, catalogues and data: beside the packages in a checkout, in the
# environment's share/ where the portal was installed from a wheel.
BASE_DIR = Path(__file__).resolve().parent.parent
if not (BASE_DIR / "manage.py").exists():
    BASE_DIR = Path(sys.prefix) / "share" / "ten-points"
VAR_DIR = BASE_DIR / "var"

env = environ.FileAwareEnv()
environ.Env.read_env(BASE_DIR / ".env")

# --- Where it runs --------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)

SECRET_KEY = env.str("SECRET_KEY", default="only-for-development" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Set it to a long random text and keep it secret: it signs "
        "sessions and links in"
        " letters. `python3 -c 'import secrets; print(secrets.token_urlsafe(50))'` prints one."
    )

# Keys of before: what was signed and encrypted with them is still read.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000" if DEBUG else "").rstrip("/")
if not SITE_URL:
    raise ImproperlyConfigured(
        "SITE_URL is not set. Set it to the address that people type, for example"
        " https://cities.example.org: letters, feeds and the sitemap carry it."
    )
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.netloc:
    raise ImproperlyConfigured(
        f"SITE_URL is {SITE_URL!r}, which is not a web address. Set it to the address that "
        "people type, for example"
        " https://cities.example.org: letters and feeds carry it."
    )

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
if _site.hostname not in ALLOWED_HOSTS and "*" not in ALLOWED_HOSTS:
    ALLOWED_HOSTS.append(_site.hostname)

SECURE = _site.scheme == "https"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
# The browsers' preload list binds a whole domain for years: that is the administrator's decision,
# not ours.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=120)
if not 5 <= SESSION_IDLE_MINUTES <= 12 * 60:
    raise ImproperlyConfigured(
        f"SESSION_IDLE_MINUTES is {SESSION_IDLE_MINUTES}. Set it to the number of minutes, from 5"
        " to 720, after which somebody who does nothing is signed out."
    )
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
if SECURE:
    # The browser takes such a cookie only from this very host, encrypted, for all its pages.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"

# --- What it is made of ---------------------------------------------------------------------------

INSTALLED_APPS = [
    # First: it adds the columns per language, and the others' ready() may already ask for them.
    "modeltranslation",
    "auditlog",
    "portal.apps.PortalConfig",
    "programs",
    "members",
    "languages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "portal.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "portal.middleware.request_id",
    "portal.middleware.permissions_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.public_text",
    "portal.kept_pages.middleware.known_query",
    "portal.kept_pages.middleware.kept_pages",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.middleware.BrowserLanguage",
    "django.middleware.common.CommonMiddleware",
    "portal.middleware.KnownMethods",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.gate.session_times",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.middleware.staff_area",
    "portal.gate.second_factor",
    "portal.moved_addresses.moved_address",
]

# --- Numbers for a monitoring program -------------------------------------------------------------

# Whoever sends it reads /metrics; empty: there is no such page, and nothing is counted.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
if METRICS_TOKEN and len(METRICS_TOKEN) < 20:
    raise ImproperlyConfigured(
        "METRICS_TOKEN is shorter than 20 signs. Set it to a long random text: "
        "`python3 -c 'import secrets; print(secrets.token_urlsafe(30))'` prints one."
    )
# Where the processes of a machine add up what they counted; empty: each tells of itself alone.
METRICS_FOLDER = env.str("METRICS_FOLDER", default="")
if METRICS_TOKEN:
    MIDDLEWARE.insert(0, "portal.metrics.counted")
if METRICS_TOKEN and METRICS_FOLDER:
    # The library reads it when it is imported, which is later.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = METRICS_FOLDER
# Where faults of the portal are told (portal/sentry.py); empty: nowhere but in the log.
SENTRY_DSN = env.str("SENTRY_DSN", default="")
if SENTRY_DSN and find_spec("sentry_sdk") is None:
    raise ImproperlyConfigured(
        "SENTRY_DSN is set, and its library is missing. Install it: "
        "`.venv/bin/pip install --require-hashes -r requirements-sentry.txt`, or leave it unset."
    )
if SENTRY_DSN and not re.fullmatch(r"https?://\w+@[^/\s]+/(\S*/)?\d+", SENTRY_DSN):
    raise ImproperlyConfigured(
        "SENTRY_DSN is no address of a project. Copy it from the project's page in Sentry: "
        "https://KEY@HOST/NUMBER"
    )

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "portal.forms.OneFieldTemplate"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.site",
            ],
        },
    },
]

# --- Database: an embedded SQLite file, or PostgreSQL ---------------------------------------------

DATABASES = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'ten-points.sqlite3'}")
}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    VAR_DIR.mkdir(exist_ok=True)
    # Writers wait in the order in which they come.
    _database["ENGINE"] = "portal.databases.sqlite3"
    # To open the file and set it up costs as much as a page that is kept.
    _database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    _database["OPTIONS"] = {
        # Readers never wait for the writer, and a writer takes its lock at the start instead of
        # failing half-way.
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;"
        ),
        "timeout": 20,
    }
elif _database["ENGINE"].endswith("postgresql"):
    _database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    _database["CONN_HEALTH_CHECKS"] = True
    # One slow query may not stop the site for everybody, nor a migration that waits for its lock.
    # A reader may have waited for another one's page already (portal/kept_pages/stores.py): both
    # together stay under five seconds.
    _limits = (env.int("STATEMENT_SECONDS", default=15), env.int("LOCK_SECONDS", default=2))
    if min(_limits) < 1:
        raise ImproperlyConfigured(
            "STATEMENT_SECONDS and LOCK_SECONDS are numbers of seconds, 1 or more: how long one"
            " statement may take on PostgreSQL, and how long it waits for a lock."
        )
    _database.setdefault("OPTIONS", {})["options"] = (
        f"-c statement_timeout={_limits[0] * 1000} -c lock_timeout={_limits[1] * 1000}"
    )
else:
    raise ImproperlyConfigured(
        f"DATABASE_URL names {_database['ENGINE']!r}. Set it to "
        "postgres://user:password@host/name, or leave it unset"
        " for an embedded SQLite database in var/."
    )

# --- People ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["members.backends.RightsBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "account_login"
# django-allauth signs people in (0048). The address of an account stands in `User.email` alone.
ACCOUNT_ADAPTER = "members.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_AUTHENTICATED_LOGIN_REDIRECTS = False
ACCOUNT_SESSION_REMEMBER = True
# Its limits count in the cache of one process, and lock out whoever is guessed at (0017).
ACCOUNT_RATE_LIMITS = False
ACCOUNT_FORMS = {"user_token": "members.forms.accounts.ResetLinkForm"}
_TOKENS = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = _TOKENS
# A form older than the last signing in: what was typed is carried on.
CSRF_FAILURE_VIEW = "members.views.stale_forms.csrf_failure"
# Who must have a second factor. A demonstration has accounts with a known password, for everybody.
DEMO = env.bool("DEMO", default=False)
SECOND_FACTOR = env.str("SECOND_FACTOR", default="nobody" if DEMO or DEBUG else "secretariat")
if SECOND_FACTOR not in {"secretariat", "everybody", "nobody"}:
    raise ImproperlyConfigured(
        f"SECOND_FACTOR is {SECOND_FACTOR!r}. Set it to secretariat, everybody or nobody: who must"
        " have a second factor beside the password."
    )
MFA_ADAPTER = "members.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RATE_LIMITS = False
# The host that passkeys belong to: browsers refuse them at an address of numbers, and without TLS
# everywhere but on their own machine. Empty: none are offered.
_HOST = _site.hostname or ""
_IS_NUMBER = bool(re.fullmatch(r"[\d.]+|.*:.*", _HOST))
PASSKEY_HOST = _HOST if SECURE and not _IS_NUMBER else ""
if _HOST in {"localhost", "127.0.0.1", "::1"}:
    PASSKEY_HOST = "localhost"
# A provider that signs people in by OpenID Connect (0056); empty: the portal alone does.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
# What the button calls it.
OIDC_NAME = env.str("OIDC_NAME", default="")
# By which values of `amr` or `acr` it says that it asked for a second factor; empty: the portal
# asks for its own.
OIDC_SECOND_FACTOR = env.list("OIDC_SECOND_FACTOR", default=[])
# Where its sign-in page leads people to; browsers follow a form nowhere else.
OIDC_FORM_ORIGINS = env.list("OIDC_FORM_ORIGINS", default=[])
if OIDC_ISSUER:
    _provider = urlsplit(OIDC_ISSUER)
    if _provider.scheme != "https" and _provider.hostname not in {"localhost", "127.0.0.1"}:
        raise ImproperlyConfigured(
            f"OIDC_ISSUER is {OIDC_ISSUER!r}. Set it to the address of the provider that begins"
            " with https://, as its /.well-known/openid-configuration writes it, or leave it unset."
        )
    if not (OIDC_CLIENT_ID and OIDC_CLIENT_SECRET and OIDC_NAME):
        raise ImproperlyConfigured(
            "OIDC_ISSUER is set, and OIDC_CLIENT_ID, OIDC_CLIENT_SECRET or OIDC_NAME is not. The"
            " provider gives the first two; the third is what people read on the button."
        )
    if not find_spec("authlib"):
        raise ImproperlyConfigured(
            "OIDC_ISSUER is set, and the library that speaks to the provider is missing."
            " Install it: pip install --require-hashes -r requirements-oidc.txt"
        )
    OIDC_FORM_ORIGINS = [f"{_provider.scheme}://{_provider.netloc}", *OIDC_FORM_ORIGINS]
MFA_TOTP_TOLERANCE = 1
# Addresses are those of invitations, which came by letter.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# How long rights, factors and decisions take somebody's proof of who they are.
PROOF_MINUTES = 15
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
ACCOUNT_REAUTHENTICATION_TIMEOUT = PROOF_MINUTES * 60
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
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
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "members.passwords.StrengthValidator"},
]
# Hashes of passwords that were stolen elsewhere; empty: they are not compared.
BREACHED_PASSWORDS = env.str("BREACHED_PASSWORDS", default="")
if BREACHED_PASSWORDS and not Path(BREACHED_PASSWORDS).is_file():
    raise ImproperlyConfigured(
        f"BREACHED_PASSWORDS is {BREACHED_PASSWORDS!r}, and there is no such file. Set it to a file"
        " of sorted SHA-1 hashes, as Have I Been Pwned gives them out, or leave it unset."
    )
if BREACHED_PASSWORDS:
    AUTH_PASSWORD_VALIDATORS.append(
        {
            "NAME": "members.passwords.BreachedPasswordValidator",
            "OPTIONS": {"file": BREACHED_PASSWORDS},
        }
    )
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24
INVITATION_DAYS = 14

# --- Languages ------------------------------------------------------------------------------------

# The schema holds a column for each of these; a ninth is a line here plus a migration.
SCHEMA_LANGUAGES = [
    ("en", _("English")),
    ("pl", _("Polish")),
    ("sv", _("Swedish")),
    ("de", _("German")),
    ("fr", _("French")),
    ("it", _("Italian")),
    ("es", _("Spanish")),
    ("uk", _("Ukrainian")),
]
# A network switches on those it uses, in its own order: the order of fallbacks follows it.
_codes = env.list("LANGUAGES", default=[code for code, _name in SCHEMA_LANGUAGES])
_unknown = [code for code in _codes if code not in dict(SCHEMA_LANGUAGES)]
if _unknown or not _codes:
    raise ImproperlyConfigured(
        f"LANGUAGES names {', '.join(_unknown) or 'no language'}. Set it to some of"
        f" {','.join(dict(SCHEMA_LANGUAGES))}, separated by commas, the network's main "
        "language first."
    )
LANGUAGES = [(code, dict(SCHEMA_LANGUAGES)[code]) for code in _codes]
LANGUAGE_CODE = _codes[0]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
# Dates in lists of the administration are written as on all other pages.
FORMAT_MODULE_PATH = "portal.formats"
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Berlin")

MODELTRANSLATION_LANGUAGES = tuple(dict(SCHEMA_LANGUAGES))
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
# A missing text is answered by languages.text.translated, which says which language it found.
MODELTRANSLATION_ENABLE_FALLBACKS = False

# --- Files ----------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(VAR_DIR / "static"))()
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "portal.style_sheets.StyleSheetFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(VAR_DIR / "media"))
STORAGES = {
    "default": {"BACKEND": "members.uploads.WholeFileStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
        # The proxy reads them, whoever wrote them; FILE_UPLOAD_PERMISSIONS is for papers.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
# Uploaded files in an S3-compatible storage that several machines share, instead of the folder.
S3_BUCKET = env.str("S3_BUCKET", default="")
S3_ENDPOINT = env.str("S3_ENDPOINT", default="")
if S3_ENDPOINT and not re.fullmatch(r"https?://[^/\s]+/?", S3_ENDPOINT):
    raise ImproperlyConfigured(
        f"S3_ENDPOINT is {S3_ENDPOINT!r}. Set it to the address of the storage, for example"
        " https://s3.example.org, or leave it unset for Amazon's own."
    )
if S3_BUCKET and not find_spec("storages"):
    raise ImproperlyConfigured(
        "S3_BUCKET is set, and the library that speaks to the storage is missing."
        " Install it: pip install --require-hashes -r requirements-s3.txt"
    )
if S3_BUCKET:
    STORAGES["default"] = {
        "BACKEND": "members.bucket.BucketStorage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": S3_ENDPOINT or None,
            "region_name": env.str("S3_REGION", default="") or None,
            # Unset: those of the machine, as Amazon's library finds them.
            "access_key": env.str("S3_KEY", default="") or None,
            "secret_key": env.str("S3_SECRET", default="") or None,
        },
    }
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "members.uploads.PatientUploadHandler",
]
# The Unix socket of clamd; empty: uploads are not looked at for viruses.
CLAMAV_SOCKET = env.str("CLAMAV_SOCKET", default="")

# --- Cache, mail, content security ----------------------------------------------------------------

# In each process, for what can be made again: descriptions of the API and its hourly counts.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
# A copy of every public page (decision 0051): in a folder of this machine, or in a cache that
# several machines share. Off for developers, who want to see what they change.
KEPT_PAGES = env.bool("KEPT_PAGES", default=not DEBUG)
KEPT_PAGES_FOLDER = env.str("KEPT_PAGES_FOLDER", default=str(VAR_DIR / "pages"))
KEPT_PAGES_MB = env.int("KEPT_PAGES_MB", default=500)
if KEPT_PAGES_MB < 1:
    raise ImproperlyConfigured(
        f"KEPT_PAGES_MB is {KEPT_PAGES_MB}. Set it to the number of megabytes that copies of pages"
        " may take, or set KEPT_PAGES=0 to keep none."
    )
if env.str("CACHE_URL", default=""):
    CACHES["pages"] = env.cache_url("CACHE_URL")
_MAIL = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(_MAIL)
# Every page that offers contact ends in this address.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="")
if not (CONTACT_EMAIL or DEBUG):
    raise ImproperlyConfigured(
        "CONTACT_EMAIL is not set. Set it to an e-mail address that somebody reads: people write"
        " there about a mistake, a barrier, or what is kept about them."
    )
if CONTACT_EMAIL and not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+", CONTACT_EMAIL):
    raise ImproperlyConfigured(
        f"CONTACT_EMAIL is {CONTACT_EMAIL!r}, which is not an e-mail address. Set it to one that"
        " somebody reads, for example secretariat@example.org."
    )
# Whom to tell about a security fault, as RFC 9116 writes it.
# Empty: /.well-known/security.txt answers 404.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")
if re.fullmatch(r"[^\s:]+@[^\s:]+", SECURITY_CONTACT):
    SECURITY_CONTACT = f"mailto:{SECURITY_CONTACT}"
if SECURITY_CONTACT and not re.fullmatch(r"(mailto:|tel:|https://)\S+", SECURITY_CONTACT):
    raise ImproperlyConfigured(
        f"SECURITY_CONTACT is {SECURITY_CONTACT!r}. Set it to an e-mail address or to a web"
        " address that begins with https://; people report security faults there."
    )
SECURITY_POLICY = env.str("SECURITY_POLICY", default="")
if SECURITY_POLICY and not re.fullmatch(r"https://\S+", SECURITY_POLICY):
    raise ImproperlyConfigured(
        f"SECURITY_POLICY is {SECURITY_POLICY!r}. Set it to the address of a page that begins"
        " with https://, or leave it unset."
    )
# What only the body that runs the portal can say of itself; the accessibility statement carries it.
OPERATOR = env.str("OPERATOR", default="")
OPERATOR_COUNTRY = env.str("OPERATOR_COUNTRY", default="")
if OPERATOR_COUNTRY and not re.fullmatch(r"[A-Z]{2}", OPERATOR_COUNTRY):
    raise ImproperlyConfigured(
        f"OPERATOR_COUNTRY is {OPERATOR_COUNTRY!r}. Set it to the two capital letters of the"
        " country whose law holds, for example PL."
    )
OPERATOR_PHONE = env.str("OPERATOR_PHONE", default="")
OPERATOR_BUILDING_URL = env.str("OPERATOR_BUILDING_URL", default="")
ACCESSIBILITY_CONTACT = env.str("ACCESSIBILITY_CONTACT", default="")
ENFORCEMENT_BODY = env.str("ENFORCEMENT_BODY", default="")
ENFORCEMENT_URL = env.str("ENFORCEMENT_URL", default="")
_published_on = env.str("PUBLISHED_ON", default="")
try:
    PUBLISHED_ON = date.fromisoformat(_published_on) if _published_on else None
except ValueError as error:
    raise ImproperlyConfigured(
        f"PUBLISHED_ON is {_published_on!r}. Set it to the day on which the portal was first open"
        " to everybody, for example 2026-12-01."
    ) from error
for _name in ("OPERATOR_BUILDING_URL", "ENFORCEMENT_URL"):
    _address = vars()[_name]
    if _address and not re.fullmatch(r"https?://\S+", _address):
        raise ImproperlyConfigured(
            f"{_name} is {_address!r}. Set it to a web address that begins with https://, or leave"
            " it unset."
        )

# What letters call the portal.
PORTAL_NAME = env.str("PORTAL_NAME", default="Ten Points")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("FROM_EMAIL", default=f"ten-points@{_site.hostname}")
EMAIL_TIMEOUT = 10
# Letters that leave the machine wait for `send_letters`; those that do not are sent when they are
# written.
_LEAVES_THE_MACHINE = _MAIL["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
LETTERS_AT_ONCE = env.bool("LETTERS_AT_ONCE", default=not _LEAVES_THE_MACHINE)

# Letters are read back while what they are about goes on; reminders look back two months at most.
LETTER_DAYS = env.int("LETTER_DAYS", default=730)
if LETTER_DAYS < 60:
    raise ImproperlyConfigured(
        f"LETTER_DAYS is {LETTER_DAYS}. Set it to the number of days that texts and "
        "recipients of letters are kept, 60"
        " or more: reminders are told apart by them for as long."
    )

# How long what people typed is kept; the nightly command deletes it, the privacy page names it.
# What a city wrote that thinks about joining: while nobody has confirmed it, and after the answer.
INTEREST_DAYS = env.int("INTEREST_DAYS", default=30)
ANSWERED_INTEREST_DAYS = env.int("ANSWERED_INTEREST_DAYS", default=365)
# What was typed in a form of the administration and never saved.
UNSAVED_DAYS = env.int("UNSAVED_DAYS", default=7)
# Who signed in and who was refused, for the secretariat.
SIGN_IN_DAYS = env.int("SIGN_IN_DAYS", default=180)
if min(INTEREST_DAYS, ANSWERED_INTEREST_DAYS, UNSAVED_DAYS, SIGN_IN_DAYS) < 1:
    raise ImproperlyConfigured(
        "INTEREST_DAYS, ANSWERED_INTEREST_DAYS, UNSAVED_DAYS and SIGN_IN_DAYS are numbers of days,"
        " 1 or more."
    )

# Where the timer puts backups; empty: none are made. For which public keys they are encrypted.
BACKUP_FOLDER = env.str("BACKUP_FOLDER", default="")
BACKUP_KEYS = env.list("BACKUP_KEYS", default=[])
BACKUP_DAYS = env.int("BACKUP_DAYS", default=30)
if any(not key.startswith("age1") for key in BACKUP_KEYS):
    raise ImproperlyConfigured(
        "BACKUP_KEYS names something else than public keys. Each begins with age1; "
        "`manage.py backup_key FILE` makes one."
    )
if BACKUP_DAYS < 1:
    raise ImproperlyConfigured(
        f"BACKUP_DAYS is {BACKUP_DAYS}. Set it to the number of days that backups are kept, 1 or "
        "more."
    )

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        # Said by name for whoever looks for it; it falls under the line above.
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Filters of lists ----------------------------------------------------------------------------

# What a choice says that chooses nothing, where the filter has no words of its own for it.
FILTERS_EMPTY_CHOICE_LABEL = _("All")

# --- The API -------------------------------------------------------------------------------------

# Questions that one computer may ask within an hour.
API_PER_HOUR = env.int("API_PER_HOUR", default=2000)
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
    # The address has no `?format=`: it would be an unknown parameter.
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Ten Points",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVERS": [{"url": SITE_URL}],
    "LICENSE": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
    # Codes stay where they are used, and parameters in the order in which they are described.
    "POSTPROCESSING_HOOKS": [],
    "SORT_OPERATION_PARAMETERS": False,
    "SORT_OPERATIONS": False,
}

# --- Log ------------------------------------------------------------------------------------------

AUDITLOG_STORE_JSON_CHANGES = True
AUDITLOG_CID_GETTER = "portal.middleware.current_request_id"
AUDITLOG_DISABLE_ON_RAW_SAVE = True
# Who and when is enough: addresses of computers are not kept.
AUDITLOG_DISABLE_REMOTE_ADDR = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "portal.middleware.RequestIdFilter"},
        "without_tokens": {"()": "portal.middleware.WithoutTokens"},
        "faults_of_senders": {"()": "portal.middleware.FaultsOfSenders"},
    },
    "formatters": {
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s %(request_id)s",
            "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
        },
        "plain": {"format": "{levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": sys.stdout,
            "filters": ["request_id", "without_tokens", "faults_of_senders"],
            "formatter": "plain" if DEBUG else "json",
        }
    },
    "root": {
        "handlers": ["stdout"],
        "level": env.str("LOG_LEVEL", default="INFO" if DEBUG else "WARNING"),
    },
}
