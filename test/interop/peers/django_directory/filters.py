"""Attributes of groups that can be filtered on; django-scim2 has none of its own."""

from django_scim.filters import GroupFilterQuery


class GroupFilter(GroupFilterQuery):
    attr_map = {
        ("displayName", None, None): "name",
        ("externalId", None, None): "scim_external_id",
        ("id", None, None): "id",
    }
