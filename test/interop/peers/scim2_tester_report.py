"""Runs scim2-tester against a SCIM server and prints its results as JSON.

usage: scim2_tester_report.py BASE_URL, with the token in PEER_TOKEN
"""

import json
import os
import sys

import httpx2
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import ScimProvider
from scim2_server.utils import load_default_resource_types, load_default_schemas
from scim2_tester import check_server


def groups_of_rfc7643() -> ScimProvider:
    """A server that does not publish its schemas can be tested all the same, with those of the RFC for groups."""
    group = load_default_resource_types()["Group"]
    return ScimProvider.from_discovery(load_default_schemas().values(), [group])


headers = {"Authorization": f"Bearer {os.environ['PEER_TOKEN']}"}
with httpx2.Client(base_url=sys.argv[1], headers=headers) as http:
    client = SyncSCIMClient(http, provider=groups_of_rfc7643())
    results = check_server(client, resource_types=["Group"])

json.dump(
    [
        {"status": result.status.name, "title": result.title, "reason": result.reason}
        for result in results
    ],
    sys.stdout,
)
