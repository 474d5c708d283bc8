def set_language(request):
    raise NotImplementedError
