"""Logs a request in when it carries the token; django-scim2 itself answers the others with 401."""

import os

from django.contrib.auth.models import AnonymousUser


class Provisioner:
    is_authenticated = True
    is_anonymous = False


class BearerMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response
        self.expected = f"Bearer {os.environ['PEER_TOKEN']}"

    def __call__(self, request):
        is_known = request.headers.get("Authorization") == self.expected
        request.user = Provisioner() if is_known else AnonymousUser()
        return self.get_response(request)
