"""Answers that a reader who has them already need not fetch again."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.decorators import decorator_from_middleware


class ConditionalAnswers(ConditionalGetMiddleware):
    """An ETag for HEAD as for GET (RFC 9110, 9.3.2): Django gives it to GET alone."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.method != "HEAD":
            return super().process_response(request, response)
        if not isinstance(response, HttpResponse) or not self.needs_etag(response):
            return response
        set_response_etag(response)
        etag = response.headers["ETag"]
        answered = get_conditional_response(
            request,
            etag=etag,
            response=response,
        )
        # Always one: the response was given.
        return answered or response


conditional_answer = decorator_from_middleware(ConditionalAnswers)
