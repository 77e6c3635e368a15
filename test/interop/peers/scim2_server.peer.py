"""scim2-server with its defaults: schemas of RFC 7643, resources in memory, one bearer token."""

import os

from scim2_models import ScimProvider
from scim2_server.memory import InMemoryStorage
from scim2_server.testserver.application import BEARER_TOKEN_SCHEME, BearerTokenApplication
from scim2_server.utils import (
    load_default_resource_types,
    load_default_schemas,
    load_default_service_provider_config,
)

from lifeline import announce, end_with_parent
from wsgi_listener import listen

config = load_default_service_provider_config()
config.authentication_schemes = [BEARER_TOKEN_SCHEME]
provider = ScimProvider.from_discovery(
    load_default_schemas().values(), load_default_resource_types().values(), config=config
)

end_with_parent()
with listen() as server:
    server.set_app(BearerTokenApplication(InMemoryStorage(), provider, bearer_tokens=[os.environ["PEER_TOKEN"]]))
    announce(f"{server.origin}/v2")
    server.serve_forever()
