-- Every action edits spec.rollout and nothing else; those that name a candidate name it by its digest, so that one that
-- comes late does nothing to another candidate.
local status = obj.status or {}
local rollout = (obj.spec or {}).rollout or {}
local underway = status.candidate ~= nil and status.candidate.digest ~= nil and status.stable ~= nil
local paused = rollout.paused == true
local refused = status.rollout ~= nil and status.rollout.blockedDigests ~= nil and next(status.rollout.blockedDigests) ~= nil

return {
  ["promote"] = { ["disabled"] = not underway },
  ["pause"] = { ["disabled"] = paused },
  ["resume"] = { ["disabled"] = not paused },
  ["abort"] = { ["disabled"] = not underway },
  ["retry"] = { ["disabled"] = not refused },
}
