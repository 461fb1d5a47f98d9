from django.apps import AppConfig


class GovernConfig(AppConfig):
    name = "lianxin.govern"
    default_auto_field = "django.db.models.BigAutoField"
