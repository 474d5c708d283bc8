from members.forms.records import RecordForm


class DocumentForm(RecordForm):
    pass
