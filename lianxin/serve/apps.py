from django.apps import AppConfig


class ServeConfig(AppConfig):
    name = "lianxin.serve"
    default_auto_field = "django.db.models.BigAutoField"
