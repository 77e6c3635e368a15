"""canaille: OAuth 2.0 authorization server and SCIM server in one process, resources in memory.

Its one OAuth client may use the grant client_credentials and authenticates by HTTP Basic.
"""

import datetime
import os
import secrets

# Otherwise authlib refuses plain HTTP, on the loopback address too.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from joserfc.jwk import JWKRegistry

from lifeline import announce, end_with_parent
from wsgi_listener import listen


def settings(host: str) -> dict:
    key = JWKRegistry.generate_key("RSA", 2048)
    key.ensure_kid()
    return {
        "ENV_FILE": None,
        "SECRET_KEY": secrets.token_hex(16),
        "SERVER_NAME": host,
        "PREFERRED_URL_SCHEME": "http",
        "WTF_CSRF_ENABLED": False,
        # create_app() does without a mail server and a file of settings only while it is told that this is a test.
        "TESTING": True,
        "CANAILLE": {"DATABASE": "memory", "JAVASCRIPT": False, "LOGGING": {"version": 1}},
        "CANAILLE_OIDC": {"ACTIVE_JWKS": [key.as_dict(private=True)]},
        "CANAILLE_SCIM": {"ENABLE_SERVER": True},
    }


def add_client(client_id: str, client_secret: str) -> None:
    client = models.Client(
        client_id=client_id,
        client_secret=client_secret,
        client_name="interop",
        client_id_issued_at=datetime.datetime.now(datetime.UTC),
        grant_types=["client_credentials"],
        response_types=[],
        scope=["openid", "profile", "groups"],
        token_endpoint_auth_method="client_secret_basic",
        redirect_uris=["http://127.0.0.1/unused"],
    )
    Backend.instance.save(client)
    # It has to exist before it can be named.
    client.audience = [client]
    Backend.instance.save(client)


end_with_parent()
with listen() as server:
    app = create_app(config=settings(f"127.0.0.1:{server.server_port}"))
    # From here on errors are answered with 500, as in production, and not raised.
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    with app.app_context():
        add_client(os.environ["PEER_CLIENT_ID"], os.environ["PEER_CLIENT_SECRET"])
    server.set_app(app)
    announce(
        f"{server.origin}/scim/v2",
        tokenUrl=f"{server.origin}/oauth/token",
        revocationUrl=f"{server.origin}/oauth/revoke",
    )
    server.serve_forever()
