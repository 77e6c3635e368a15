"""Users and groups as the manual of django-scim2 asks for them: its mixins on plain models."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django_scim.models import AbstractSCIMGroupMixin, AbstractSCIMUserMixin


class User(AbstractSCIMUserMixin, AbstractUser):
    # The field of AbstractUser points at Django's own groups.
    groups = None
    scim_groups = models.ManyToManyField("Group", related_name="user_set")


class Group(AbstractSCIMGroupMixin):
    name = models.CharField(max_length=200, unique=True)
