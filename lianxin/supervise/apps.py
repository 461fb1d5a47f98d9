from django.apps import AppConfig


class SuperviseConfig(AppConfig):
    name = "lianxin.supervise"
    default_auto_field = "django.db.models.BigAutoField"
