"""Gunicorn's settings, from the environment. Loads no Django: the web's processes do."""

from tracker.config import environment, logs

_env = environment.read_or_exit()

bind = [f"{address}:{_env.port}" for address in _env.bind]
worker_class = "gthread"
workers = _env.web_workers
threads = _env.web_threads
timeout = 60
graceful_timeout = 20
keepalive = 5
accesslog = None
control_socket_disable = True
logconfig_dict = logs.dict_config(as_json=_env.is_production, level=_env.log_level)
forwarded_allow_ips = "127.0.0.1,::1"
