"""One settings file for every installation; whatever differs comes from the environment."""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.environment import database, env, env_list, redis_location, secret

BASE_DIR = Path(__file__).resolve().parent.parent
MINGSHU_VAR = Path(env("MINGSHU_VAR", str(BASE_DIR / "var")))
MINGSHU_MODE = env("MINGSHU_MODE", "demo")
if MINGSHU_MODE not in ("demo", "test", "production"):
    raise ImproperlyConfigured("MINGSHU_MODE must be demo, test or production")
PRODUCTION = MINGSHU_MODE == "production"

MINGSHU_KEYS_DIR = Path(env("MINGSHU_KEYS_DIR", str(MINGSHU_VAR / "keys")))
MINGSHU_ATTACHMENTS_DIR = Path(env("MINGSHU_ATTACHMENTS_DIR", str(MINGSHU_VAR / "attachments")))
MINGSHU_PUBLIC_DIR = Path(env("MINGSHU_PUBLIC_DIR", str(MINGSHU_VAR / "public")))
MINGSHU_FONT_DIR = env("MINGSHU_FONT_DIR", "")
MINGSHU_DEMO_PASSWORD = env("MINGSHU_DEMO_PASSWORD", "")
MINGSHU_EFFORT = int(env("MINGSHU_EFFORT", "1"))

SECRET_KEY = secret("secret_key", MINGSHU_KEYS_DIR, may_create=not PRODUCTION)
# Keys of private fields: newest first, further ones (white space between) only decrypt.
FIELD_KEYS = secret("field_keys", MINGSHU_KEYS_DIR, may_create=not PRODUCTION)
SEARCH_KEY = secret("search_key", MINGSHU_KEYS_DIR, may_create=not PRODUCTION)
DEBUG = False
ALLOWED_HOSTS = env_list(
    "MINGSHU_ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,testserver"
)
CSRF_TRUSTED_ORIGINS = env_list("MINGSHU_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "axes",
    "csp",
    "governance",
    "institutions",
    "inspections",
    "campaigns",
    "publiclists",
    "desk",
]

MIDDLEWARE = [
    "governance.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "governance.uploads.UploadLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "governance.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "governance.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "governance.context.shell",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

DATABASES = {"default": database(env("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "governance.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "governance.accounts.ActiveUserBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Tests sign in hundreds of times; the slow hash is the production one and is tested by name.
PASSWORD_HASHERS = [
    f"django.contrib.auth.hashers.{'MD5' if MINGSHU_MODE == 'test' else 'PBKDF2'}PasswordHasher"
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "login"

# Lock by account and address together: one clerk's typing errors must not lock a colleague out.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "governance.accounts.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_ENABLED = MINGSHU_MODE != "test"

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = (
    False  # the proxy redirects; health checks inside the network speak plain HTTP
)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MINGSHU_PROXIES = int(env("MINGSHU_PROXIES", "0"))  # trusted proxies in front of the web process
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
CATALOGUES = ["governance", "institutions", "inspections", "campaigns", "publiclists", "desk"]
LOCALE_PATHS = [BASE_DIR / "locale" / app for app in CATALOGUES]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = Path(env("MINGSHU_STATIC_ROOT", str(MINGSHU_VAR / "static")))
NODE_MODULES = Path(env("MINGSHU_NODE_MODULES", str(BASE_DIR / "node_modules")))
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/bootstrap", NODE_MODULES / "bootstrap" / "dist"),
    ("vendor/htmx", NODE_MODULES / "htmx.org" / "dist"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "originals": {
        "BACKEND": "governance.filestore.HashedStorage",
        "OPTIONS": {"location": MINGSHU_ATTACHMENTS_DIR / "originals"},
    },
    "public": {
        "BACKEND": "governance.filestore.HashedStorage",
        "OPTIONS": {"location": MINGSHU_ATTACHMENTS_DIR / "public"},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if MINGSHU_MODE != "test"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = MINGSHU_MODE == "test"
MEDIA_ROOT = MINGSHU_VAR / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

EMAIL_BACKEND = env(
    "MINGSHU_EMAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend"
    if PRODUCTION
    else "django.core.mail.backends.filebased.EmailBackend",
)
EMAIL_FILE_PATH = MINGSHU_VAR / "mail"
EMAIL_HOST = env("MINGSHU_EMAIL_HOST", "localhost")
EMAIL_PORT = int(env("MINGSHU_EMAIL_PORT", "25"))
EMAIL_HOST_USER = env("MINGSHU_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env("MINGSHU_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env("MINGSHU_EMAIL_TLS", "0") == "1"
DEFAULT_FROM_EMAIL = env("MINGSHU_EMAIL_FROM", "mingshu@localhost")

REDIS_URL = env("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_location(REDIS_URL),
        "KEY_PREFIX": "mingshu",
    }
}
MINGSHU_BASE_URL = env("MINGSHU_BASE_URL", "http://127.0.0.1:8000")

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "governance.api.problems.answer",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Mingshu partner API",
    "VERSION": "1",
    "DESCRIPTION": "Read access for partner departments. Every address needs a key with its scope.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {  # lists of words that several resources use under one name
        "ListKindEnum": "publiclists.models.Kind",
        "ListEntryStatusEnum": "publiclists.models.Status",
        "CollectionStatusEnum": "campaigns.models.Collection.Status",
        "ReturnStatusEnum": "campaigns.models.Return.Status",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "governance.log_lines.RequestIdFilter"}},
    "formatters": {"json": {"()": "governance.log_lines.JsonFormatter"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "filters": ["request_id"],
        }
    },
    "root": {"handlers": ["console"], "level": env("MINGSHU_LOG_LEVEL", "INFO")},
    "loggers": {"django.request": {"level": "ERROR"}, "axes": {"level": "WARNING"}},
}
