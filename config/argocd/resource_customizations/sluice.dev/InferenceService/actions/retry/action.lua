-- Any other text than before lets a refused candidate try again.
obj.spec.rollout = obj.spec.rollout or {}
obj.spec.rollout.retry = os.date("!%Y-%m-%dT%H:%M:%SZ")
return obj
