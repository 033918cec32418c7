Feature: Violence ends the talk
  Where somebody strikes or threatens, the police come first. A session in which it happens stops for good.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: police_were_called - nobody is asked for consent before the police were called
    Scenario: A knife was seen
      Given Asha's dispute with Bram is reported
      And Ding has screened it red with "weapon" answered yes
      When Ding asks for consent
      Then it is refused under "police_were_called"

    Scenario: The police were called
      Given Asha's dispute with Bram is reported
      And Ding has screened it red with "weapon" answered yes
      And Ding has called the police
      When Ding asks for consent
      Then the case is "Waiting for consent"

  Rule: stop_session - a session in which violence breaks out is stopped
    Scenario: A blow across the table
      Given Asha's dispute with Bram is in session
      When Ma stops the session because of violence
      Then the case is "Mediation ended"
      And Asha and Bram have the "Notice that mediation has ended"
      And the officer on the case is reminded

    Scenario: The old consent opens no further session
      Given Asha's dispute with Bram is in session
      And Ma has stopped the session because of violence
      When Ma opens a session
      Then it is refused because it "is not open in state Mediation ended"
