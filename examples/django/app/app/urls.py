from django.http import HttpResponse
from django.urls import path


def health(request):
    """What the load balancer asks for: any answer of 200 says that the container serves."""
    return HttpResponse("ok\n", content_type="text/plain")


urlpatterns = [path("health", health)]
