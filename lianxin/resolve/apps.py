from django.apps import AppConfig


class ResolveConfig(AppConfig):
    name = "lianxin.resolve"
    default_auto_field = "django.db.models.BigAutoField"
