-- Takes back the candidate that is there now.
obj.spec.rollout = obj.spec.rollout or {}
obj.spec.rollout.abort = { digest = obj.status.candidate.digest }
return obj
