from django.apps import AppConfig


class ListenConfig(AppConfig):
    name = "lianxin.listen"
    default_auto_field = "django.db.models.BigAutoField"
