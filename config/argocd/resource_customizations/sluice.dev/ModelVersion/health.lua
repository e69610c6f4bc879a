-- A version is Healthy once its artifact has been proven, and Degraded when it is not what its spec says. What cannot be
-- fetched yet is tried again, so it is Progressing.
local hs = { status = "Progressing", message = "Waiting for the operator" }

local status = obj.status
if obj.metadata.deletionTimestamp ~= nil or status == nil or status.observedGeneration ~= obj.metadata.generation then
  return hs
end

for _, condition in ipairs(status.conditions or {}) do
  if condition.type == "Verified" and condition.status == "False" then
    hs.status = "Degraded"
    hs.message = condition.message
    return hs
  end
  if condition.type == "Ready" then
    hs.status = condition.status == "True" and "Healthy" or "Progressing"
    hs.message = condition.message
  end
end

return hs
