"""django-scim2 on an SQLite file, behind waitress. The models and the token check are in django_directory."""

import os
import socket

import django
from django.conf import settings

from lifeline import announce, end_with_parent

listener = socket.socket()
listener.bind(("127.0.0.1", 0))
host = f"127.0.0.1:{listener.getsockname()[1]}"

settings.configure(
    SECRET_KEY="not a secret: nothing is signed here",
    ALLOWED_HOSTS=["127.0.0.1"],
    APPEND_SLASH=False,
    USE_TZ=True,
    ROOT_URLCONF="django_directory.urls",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django_directory", "django_scim"],
    AUTH_USER_MODEL="django_directory.User",
    MIDDLEWARE=["django_directory.bearer.BearerMiddleware", "django_scim.middleware.SCIMAuthCheckMiddleware"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.path.join(os.environ["PEER_DATA"], "directory.sqlite3"),
            # Several threads write: they wait for each other instead of failing.
            "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL;"},
        }
    },
    SCIM_SERVICE_PROVIDER={
        "SCHEME": "http",
        "NETLOC": host,
        "GROUP_MODEL": "django_directory.models.Group",
        "GROUP_FILTER_PARSER": "django_directory.filters.GroupFilter",
        "WWW_AUTHENTICATE_HEADER": "Bearer",
        "AUTHENTICATION_SCHEMES": [{"type": "oauthbearertoken", "name": "Bearer", "description": "one token"}],
    },
)
django.setup()

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from waitress import create_server

call_command("migrate", run_syncdb=True, verbosity=0)
end_with_parent()
server = create_server(get_wsgi_application(), sockets=[listener], threads=8)
announce(f"http://{host}/scim/v2")
server.run()
