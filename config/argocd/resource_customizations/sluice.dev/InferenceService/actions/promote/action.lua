-- Approves all steps of the candidate that is there now, and lets go of a share that was held by hand.
obj.spec.rollout = obj.spec.rollout or {}
obj.spec.rollout.approve = { digest = obj.status.candidate.digest }
obj.spec.predictor.canaryTrafficPercent = nil
return obj
