"""The Django application that django-scim2 is put on."""
