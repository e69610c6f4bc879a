-- Any other text than before lets a refused candidate try again, unless an abort still names it.
obj.spec.rollout = obj.spec.rollout or {}
obj.spec.rollout.retry = os.date("!%Y-%m-%dT%H:%M:%SZ")
obj.spec.rollout.abort = nil
return obj
