"""The resources, one module by concern. A new one: its router goes into the list."""

from api.route import act, care, case, me, token

ROUTERS = (act.router, care.router, me.router, case.router, token.router)
