"""The REST API: the market's verbs and readers for programs, under /api/v1/.

Its modules here are the frame every endpoint stands in: `routing` (declared answers, keys
against repeats), `auth` (tokens), `problems` (errors), `fields` (amounts, ids, pages), `openapi`
(the description and its page). The endpoints are in `v1/<topic>.py`, each as thin as a page: parse,
one command or a few queries, show. No rule of the market lives here. Who works on the market's
side signs in for a short-lived staff token; everybody else acts as a member of one company.
"""
