def document_file(request, pk):
    raise NotImplementedError
