"""Addresses of this room."""

from django.urls import path

from grants.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.ReportsView.as_view(), name="reports"),
    path("numbers/award/<str:reference>/<str:indicator>/", views.number_page, name="number"),
    path("numbers/award/<str:reference>/<str:indicator>/proof.zip", views.number_proof, name="number-proof"),
    path("numbers/programme/<str:code>/<str:indicator>/", views.total_page, name="total"),
    path("numbers/programme/<str:code>/<str:indicator>/proof.zip", views.total_proof, name="total-proof"),
    path("<int:pk>/", views.report_page, name="report"),
    path("<int:pk>/ask/<int:indicator>/", views.ask_page, name="ask"),
    path("<int:pk>/asked/<int:number>/", views.request_page, name="request"),
    path("asked/<str:token>/", views.answer_page, name="answer"),
    path("asked/<str:token>/thanks/", views.answered_page, name="answered"),
    path("<int:pk>/check/", views.check_page, name="check"),
    path("<int:pk>/members/", views.members_page, name="members"),
    path("<int:pk>/members/<int:organisation>/", views.member_part_page, name="member-part"),
    path("<int:pk>/workbook.xlsx", views.workbook, name="workbook"),
    path("<int:pk>/workbook/", views.from_workbook, name="from-workbook"),
    path("<int:pk>/extension/", views.extension_page, name="extension"),
    path("<int:pk>/review/", views.review_page, name="review"),
    path("<int:pk>/review/<slug:code>/", views.mark_page, name="mark"),
    path("<int:pk>/questions/<int:number>/", views.reply_page, name="reply"),
    path("<int:pk>/do/<slug:verb>/", views.ReportStep.as_view(), name="step"),
    path("<int:pk>/parts/<slug:code>/", views.part_page, name="part"),
    path("<int:pk>/parts/<slug:code>/comments/", views.comments_page, name="comments"),
    path("<int:pk>/parts/<slug:code>/new/", views.activity_page, name="activity-new"),
    path("<int:pk>/parts/<slug:code>/<uuid:key>/", views.activity_page, name="activity"),
    path("<int:pk>/parts/<slug:code>/evidence/", views.evidence_page, name="evidence"),
    path("<int:pk>/evidence/<uuid:key>/", views.evidence_file, name="evidence-file"),
]
